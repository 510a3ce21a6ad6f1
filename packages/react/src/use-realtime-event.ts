"use client";

import { makeStore, type OpenOptions, openSource, type Source, type Url, type UrlOptions } from "@tidewire/core";
import { useEffect, useMemo } from "react";

/** Nothing is rendered, so nothing is ever to be told. */
const commit = () => () => {};
const nobody = (): void => {};

/**
 * Calls a function for each message of a source, once and in order, and never renders. The function may be written in
 * place. For whole messages with `type`, `id` and `topic`, give it `stream.messages$`.
 *
 * @example
 * useRealtimeEvent(chat, (line) => toast(line.text));
 */
export function useRealtimeEvent<In = unknown, Out = never>(
  source: Source<In, Out> | Url,
  onMessage: (data: In) => void,
  options: OpenOptions<In, Out> = {},
): void {
  const all: UrlOptions<In, Out, unknown> = { ...options, commit, onMessage };
  const identity = source instanceof URL ? source.href : source;
  // biome-ignore lint/correctness/useExhaustiveDependencies: options written in place must not make the store anew; configure() brings them
  const store = useMemo(() => makeStore(openSource(identity, all), all), [identity]);
  useEffect(() => store.configure(all));
  useEffect(() => store.subscribe(nobody), [store]);
}
