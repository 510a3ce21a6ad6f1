"use client";

import {
  type FirstValueOptions,
  firstValue,
  type OpenOptions,
  openSource,
  type Readable,
  TidewireError,
  type Url,
} from "@tidewire/core";
import { useEffect, useSyncExternalStore } from "react";

const never = () => () => {};

/**
 * The first message of a source as a promise for `use()`: the component suspends until there is one, and an error
 * boundary is told when there will be none. The promise stays the same while a component shows it, and for `ttlMs` after.
 * On a server it is rejected at once, without dialling: the nearest `<Suspense>` then renders on the client.
 *
 * @example
 * const first = use(useRealtimePromise(ticks));
 * const { data = first } = useRealtime(ticks);
 */
export function useRealtimePromise<In = unknown, Out = never>(
  source: Readable<In, Out> | Url,
  options: FirstValueOptions & OpenOptions<In, Out> = {},
): Promise<In> {
  const isServer = useSyncExternalStore(
    never,
    () => false,
    () => true,
  );
  const { ttlMs, waitMs, ...streamOptions } = options;
  const opened = openSource(source, streamOptions) as Readable<In, Out>;
  const first = isServer ? onServer : firstValue(opened, { ttlMs, waitMs });
  useEffect(() => first.retain(), [first]);
  return first.promise;
}

/** Marked as settled, as `use()` understands it: React then need not wait to find out. */
function rejected(reason: Error): Promise<never> {
  const promise = Promise.reject(reason);
  promise.catch(() => {});
  return Object.assign(promise, { status: "rejected", reason });
}

const message =
  "A server waits for no stream. Put the component in <Suspense>, or render it with useRealtime and `initial`.";
const onServer = {
  get promise() {
    return rejected(new TidewireError("not-open", message));
  },
  retain: never,
};
