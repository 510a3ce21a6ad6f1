import type { Transport } from "../transport/transport.ts";
import { createLive, type LiveOptions } from "./live.ts";
import type { EventsOf, Realtime } from "./stream.ts";
import { type FaceOptions, streamOf } from "./stream-of.ts";

/** How a stream is read. Everything is optional. */
export interface RealtimeOptions<In = unknown, Out = unknown> extends LiveOptions<In, Out>, FaceOptions {}

/**
 * Makes a stream from a transport, with a connection of its own that all its readers share. Making it dials nothing;
 * subscribing does. {@link realtime} shares one connection among all who ask for the same address.
 */
export function createRealtime<In = unknown, Out = never, Events = EventsOf<In>>(
  transport: Transport,
  options: RealtimeOptions<In, Out> = {},
): Realtime<In, Out, Events> {
  return streamOf<In, Out>(createLive<In, Out>(transport, options), options) as unknown as Realtime<In, Out, Events>;
}
