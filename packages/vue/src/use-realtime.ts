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
import { type MaybeRefOrGetter, toValue } from "vue";
import { type RealtimeRefs, realtimeRefs } from "./realtime-refs.ts";

/**
 * Reads a stream, an Observable, an async iterable or a URL, or a ref or getter of one; `null`, `undefined` and
 * `false` are idle. Starts after mounting, never during server rendering; ends with its component or effect scope, and
 * rests while KeepAlive has the component put away.
 *
 * @example
 * const { data, status, send } = useRealtime(chat, { initial: [], reduce: lastHundred });
 */
export function useRealtime<In = unknown, Out = never, Key = unknown, Shown = ReadonlyMap<Key, In>>(
  source: MaybeRefOrGetter<Source<In, Out> | Url>,
  options: ConflateOptions<In, Key, Shown> & OpenOptions<In, Out>,
): RealtimeRefs<Shown, Out>;
export function useRealtime<
  In = unknown,
  Out = never,
  Init = undefined,
  State = FoldOf<In, Init>,
  Shown = Folded<State, Init>,
>(
  source: MaybeRefOrGetter<Source<In, Out> | Url>,
  options: ReduceOptions<In, Init, State, Shown> & OpenOptions<In, Out>,
): RealtimeRefs<Shown, Out>;
export function useRealtime<In = unknown, Out = never, Empty = undefined, Shown = In | Empty>(
  source: MaybeRefOrGetter<Source<In, Out> | Url>,
  options?: (NewestOptions<In, Empty, Shown> | NamedFold) & OpenOptions<In, Out>,
): RealtimeRefs<Shown, Out>;
export function useRealtime<In, Out, Shown>(
  source: MaybeRefOrGetter<Source<In, Out> | Url>,
  given: UrlOptions<In, Out, Shown> | NamedFold = {},
): RealtimeRefs<Shown, Out> {
  const options = given as UrlOptions<In, Out, Shown>; // of the other kind there is no value
  return realtimeRefs<In, Out, Shown>(() => openSource(toValue(source), options), options);
}
