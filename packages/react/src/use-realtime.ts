"use client";

import {
  type ConflateOptions,
  type Folded,
  type FoldOf,
  type NamedFold,
  type NewestOptions,
  type OpenOptions,
  openSource,
  type ReduceOptions,
  type Snapshot,
  type Source,
  type Url,
  type UrlOptions,
} from "@tidewire/core";
import { useStore } from "./use-store.ts";

/**
 * Reads a stream, an Observable, an async iterable or a URL; `null`, `undefined` and `false` are idle.
 * Returns one object that stays the same until something changed: `data`, `status` and what belongs to it, `send`,
 * `reconnect`. The source starts after the first paint and lingers after unmounting; callbacks may be written in place.
 *
 * @example
 * const { data, status, send } = useRealtime(chat, { initial: [], reduce: lastHundred });
 */
export function useRealtime<In = unknown, Out = never, Key = unknown, Shown = ReadonlyMap<Key, In>>(
  source: Source<In, Out> | Url,
  options: ConflateOptions<In, Key, Shown> & OpenOptions<In, Out>,
): Snapshot<Shown, Out>;
export function useRealtime<
  In = unknown,
  Out = never,
  Init = undefined,
  State = FoldOf<In, Init>,
  Shown = Folded<State, Init>,
>(
  source: Source<In, Out> | Url,
  options: ReduceOptions<In, Init, State, Shown> & OpenOptions<In, Out>,
): Snapshot<Shown, Out>;
export function useRealtime<In = unknown, Out = never, Empty = undefined, Shown = In | Empty>(
  source: Source<In, Out> | Url,
  options?: (NewestOptions<In, Empty, Shown> | NamedFold) & OpenOptions<In, Out>,
): Snapshot<Shown, Out>;
export function useRealtime<In, Out, Shown>(
  source: Source<In, Out> | Url,
  given: UrlOptions<In, Out, Shown> | NamedFold = {},
): Snapshot<Shown, Out> {
  const options = given as UrlOptions<In, Out, Shown>; // of the other kind there is no value
  const identity = source instanceof URL ? source.href : source;
  return useStore(() => openSource(identity, options), undefined, identity, options);
}
