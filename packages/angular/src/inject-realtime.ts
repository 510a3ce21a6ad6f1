import {
  type ConflateOptions,
  type Folded,
  type FoldOf,
  type NamedFold,
  type NewestOptions,
  type OpenOptions,
  openSource,
  type ReduceOptions,
  type Source,
  type Url,
  type UrlOptions,
} from "@tidewire/core";
import { type RealtimeRef, realtimeRef } from "./realtime-ref.ts";

type Given<In, Out> = Source<In, Out> | Url;
type GivenOrGetter<In, Out> = Given<In, Out> | (() => Given<In, Out>);

/**
 * Reads a stream, an Observable, an async iterable or a URL, or a signal or function of one; `null`, `undefined` and
 * `false` are idle. Call it in an injection context. Starts after the first render, never on a server, and ends with
 * the component or service. Errors are `error` and `status`: no signal throws.
 *
 * @example
 * readonly chat = injectRealtime(stream, { initial: [], reduce: lastHundred }); // chat.value(), chat.status()
 */
export function injectRealtime<In = unknown, Out = never, Key = unknown, Shown = ReadonlyMap<Key, In>>(
  source: GivenOrGetter<In, Out>,
  options: ConflateOptions<In, Key, Shown> & OpenOptions<In, Out>,
): RealtimeRef<Shown, Out>;
export function injectRealtime<
  In = unknown,
  Out = never,
  Init = undefined,
  State = FoldOf<In, Init>,
  Shown = Folded<State, Init>,
>(
  source: GivenOrGetter<In, Out>,
  options: ReduceOptions<In, Init, State, Shown> & OpenOptions<In, Out>,
): RealtimeRef<Shown, Out>;
export function injectRealtime<In = unknown, Out = never, Empty = undefined, Shown = In | Empty>(
  source: GivenOrGetter<In, Out>,
  options?: (NewestOptions<In, Empty, Shown> | NamedFold) & OpenOptions<In, Out>,
): RealtimeRef<Shown, Out>;
export function injectRealtime<In, Out, Shown>(
  source: GivenOrGetter<In, Out>,
  given: UrlOptions<In, Out, Shown> | NamedFold = {},
): RealtimeRef<Shown, Out> {
  const options = given as UrlOptions<In, Out, Shown>; // of the other kind there is no value
  if (typeof source === "function") return realtimeRef(() => openSource(source(), options), options);
  const opened = openSource(source, options); // a mistake is told where it was made
  return realtimeRef(() => opened, options);
}
