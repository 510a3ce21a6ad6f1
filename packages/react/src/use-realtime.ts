"use client";

import {
  type AddressOptions,
  type ConflateOptions,
  type Endpoint,
  type Folded,
  type FoldOf,
  makeStore,
  type NewestOptions,
  type OpenOptions,
  openSource,
  type ReduceOptions,
  type Snapshot,
  type Source,
} from "@tidewire/core";
import { useEffect, useMemo, useSyncExternalStore } from "react";

/**
 * Reads a stream, an Observable, an async iterable or a URL; `null`, `undefined` and `false` are idle.
 * Returns one object that stays the same until something changed: `data`, `status` and what belongs to it, `send`,
 * `reconnect`. The source starts after the first paint and lingers after unmounting; callbacks may be written in place.
 *
 * @example
 * const { data, status, send } = useRealtime(chat, { initial: [], reduce: lastHundred });
 */
export function useRealtime<In = unknown, Out = never, Key = unknown, Shown = ReadonlyMap<Key, In>>(
  source: Source<In, Out> | Endpoint,
  options: ConflateOptions<In, Key, Shown> & OpenOptions<In, Out>,
): Snapshot<Shown, Out>;
export function useRealtime<
  In = unknown,
  Out = never,
  Init = undefined,
  State = FoldOf<In, Init>,
  Shown = Folded<State, Init>,
>(
  source: Source<In, Out> | Endpoint,
  options: ReduceOptions<In, Init, State, Shown> & OpenOptions<In, Out>,
): Snapshot<Shown, Out>;
export function useRealtime<In = unknown, Out = never, Empty = undefined, Shown = In | Empty>(
  source: Source<In, Out> | Endpoint,
  options?: NewestOptions<In, Empty, Shown> & OpenOptions<In, Out>,
): Snapshot<Shown, Out>;
export function useRealtime<In, Out, Shown>(
  source: Source<In, Out> | Endpoint,
  options: AddressOptions<In, Out, Shown> = {},
): Snapshot<Shown, Out> {
  const identity = source instanceof URL ? source.href : source;
  // biome-ignore lint/correctness/useExhaustiveDependencies: options written in place must not make the store anew; configure() brings them
  const store = useMemo(() => makeStore(openSource(identity, options), options), [identity]);
  const { select, equals } = options;
  const read = useMemo(() => store.reader({ select, equals }), [store, select, equals]);
  useEffect(() => store.configure(options)); // before the store is subscribed to, and after each render
  return useSyncExternalStore(store.subscribe, read, store.getServerSnapshot);
}
