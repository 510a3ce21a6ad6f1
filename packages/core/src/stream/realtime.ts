import { DEV, optionInvalid } from "@tidewire/wire";
import { type Address, isWebSocketAddress } from "../transport/address.ts";
import { type SseOptions, sse } from "../transport/sse.ts";
import type { Transport } from "../transport/transport.ts";
import { type WebSocketOptions, websocket } from "../transport/websocket.ts";
import type { RealtimeOptions } from "./create-realtime.ts";
import { liveFor } from "./registry.ts";
import type { EventsOf, Realtime } from "./stream.ts";
import { streamOf } from "./stream-of.ts";

/** Everything that {@link realtime} takes: how the stream is read, and how its transport is opened. */
export interface OpenOptions<In = unknown, Out = unknown>
  extends RealtimeOptions<In, Out>,
    SseOptions,
    WebSocketOptions {
  /** Streams of one key share one connection. Default: the address, where sharing is safe. `null` shares with nobody. */
  readonly key?: string | null | undefined;
}

/**
 * Any endpoint as an Observable. The scheme picks the transport: http(s) or a path is SSE, ws(s) is WebSocket.
 * Calling it dials nothing; subscribing does. Throws `option-invalid` for what cannot be an address.
 *
 * @example
 * const ticks = realtime<Tick>("https://example.com/ticks");
 * ticks.pipe(filter((tick) => tick.price > 100)).subscribe(show);
 *
 * @example
 * const feed = realtime<unknown, never, { tick: Tick; trade: Trade }>("/feed");
 * feed.on("trade").subscribe(book);
 */
export function realtime<In = unknown, Out = never, Events = EventsOf<In>>(
  source: Address | Transport,
  options: OpenOptions<In, Out> = {},
): Realtime<In, Out, Events> {
  const { type, key, bufferMessages, signal, ...rest } = options;
  const transport = isTransport(source) ? source : byScheme(source, options);
  const live = liveFor<In, Out>(transport, key === undefined ? transport.key : key, rest);
  return streamOf<In, Out>(live, { type, bufferMessages, signal }) as unknown as Realtime<In, Out, Events>;
}

function isTransport(source: unknown): source is Transport {
  return typeof source === "object" && source !== null && "open" in source;
}

function byScheme(address: Address, options: SseOptions & WebSocketOptions): Transport {
  const isAddress = typeof address === "string" || typeof address === "function" || address instanceof URL;
  if (!isAddress || address === "")
    throw optionInvalid(DEV && `realtime() takes a URL, or a transport as sse(url); got ${address}.`);
  return isWebSocketAddress(address) ? websocket(address, options) : sse(address, options);
}
