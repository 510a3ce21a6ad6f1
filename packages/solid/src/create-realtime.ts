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
import { type RealtimeAccessor, realtimeAccessor } from "./realtime-accessor.ts";

type Given<In, Out> = Source<In, Out> | Url;
type GivenOrGetter<In, Out> = Given<In, Out> | (() => Given<In, Out>);

/**
 * Reads a stream, an Observable, an async iterable or a URL, or an accessor of one; `null`, `undefined` and `false` are
 * idle. Starts with its owner's effects, never on a server, and ends with the owner. Errors are `error` and `status`.
 *
 * @example
 * const chat = createRealtime(stream, { initial: [], reduce: lastHundred }); // chat(), chat.status
 */
export function createRealtime<In = unknown, Out = never, Key = unknown, Shown = ReadonlyMap<Key, In>>(
  source: GivenOrGetter<In, Out>,
  options: ConflateOptions<In, Key, Shown> & OpenOptions<In, Out>,
): RealtimeAccessor<Shown, Out>;
export function createRealtime<
  In = unknown,
  Out = never,
  Init = undefined,
  State = FoldOf<In, Init>,
  Shown = Folded<State, Init>,
>(
  source: GivenOrGetter<In, Out>,
  options: ReduceOptions<In, Init, State, Shown> & OpenOptions<In, Out>,
): RealtimeAccessor<Shown, Out>;
export function createRealtime<In = unknown, Out = never, Empty = undefined, Shown = In | Empty>(
  source: GivenOrGetter<In, Out>,
  options?: (NewestOptions<In, Empty, Shown> | NamedFold) & OpenOptions<In, Out>,
): RealtimeAccessor<Shown, Out>;
export function createRealtime<In, Out, Shown>(
  source: GivenOrGetter<In, Out>,
  given: UrlOptions<In, Out, Shown> | NamedFold = {},
): RealtimeAccessor<Shown, Out> {
  const options = given as UrlOptions<In, Out, Shown>; // of the other kind there is no value
  return realtimeAccessor<In, Out, Shown>(
    () => openSource(typeof source === "function" ? source() : source, options),
    options,
  );
}
