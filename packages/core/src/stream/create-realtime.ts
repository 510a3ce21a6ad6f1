import type { Transport } from "../transport/transport.ts";
import type { LiveOptions } from "./live.ts";
import { liveFor } from "./registry.ts";
import type { EventsOf, Realtime } from "./stream.ts";
import { type FaceOptions, streamOf } from "./stream-of.ts";

/** How a stream is read. Everything is optional. */
export interface RealtimeOptions<In = unknown, Out = unknown> extends LiveOptions<In, Out>, FaceOptions {
  /** Streams of one key share one connection. Default: the address, where sharing is safe. `null` shares with nobody. */
  readonly key?: string | null | undefined;
}

/** Makes a stream from a transport. Making it dials nothing; subscribing does. */
export function createRealtime<In = unknown, Out = never, Events = EventsOf<In>>(
  transport: Transport,
  options: RealtimeOptions<In, Out> = {},
): Realtime<In, Out, Events> {
  const { type, key = transport.key, bufferMessages, signal, ...rest } = options;
  return streamOf<In, Out>(liveFor<In, Out>(transport, key, rest), {
    type,
    bufferMessages,
    signal,
  }) as unknown as Realtime<In, Out, Events>;
}
