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
import { type RealtimeState, realtimeState } from "./realtime-state.ts";

type Given<In, Out> = Source<In, Out> | Url;
type GivenOrGetter<In, Out> = Given<In, Out> | (() => Given<In, Out>);

/**
 * Reads a stream, an Observable, an async iterable or a URL, or a getter of one; `null`, `undefined` and `false` are
 * idle. Starts with the first effect or template that reads a field and ends with the last; never dials on a server.
 *
 * @example
 * const chat = useRealtime(stream, { initial: [], reduce: lastHundred }); // {chat.status} {#each chat.current as line}
 */
export function useRealtime<In = unknown, Out = never, Key = unknown, Shown = ReadonlyMap<Key, In>>(
  source: GivenOrGetter<In, Out>,
  options: ConflateOptions<In, Key, Shown> & OpenOptions<In, Out>,
): RealtimeState<Shown, Out>;
export function useRealtime<
  In = unknown,
  Out = never,
  Init = undefined,
  State = FoldOf<In, Init>,
  Shown = Folded<State, Init>,
>(
  source: GivenOrGetter<In, Out>,
  options: ReduceOptions<In, Init, State, Shown> & OpenOptions<In, Out>,
): RealtimeState<Shown, Out>;
export function useRealtime<In = unknown, Out = never, Empty = undefined, Shown = In | Empty>(
  source: GivenOrGetter<In, Out>,
  options?: (NewestOptions<In, Empty, Shown> | NamedFold) & OpenOptions<In, Out>,
): RealtimeState<Shown, Out>;
export function useRealtime<In, Out, Shown>(
  source: GivenOrGetter<In, Out>,
  given: UrlOptions<In, Out, Shown> | NamedFold = {},
): RealtimeState<Shown, Out> {
  const options = given as UrlOptions<In, Out, Shown>; // of the other kind there is no value
  const identify = (): Given<In, Out> => {
    const given = typeof source === "function" ? source() : source;
    return given instanceof URL ? given.href : given;
  };
  return realtimeState(identify, (given) => openSource(given, options), options);
}
