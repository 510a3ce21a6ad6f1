"use client";

import { makeStore, type Snapshot, type Source, type StoreOptions } from "@tidewire/core";
import { useEffect, useMemo, useSyncExternalStore } from "react";

/** Shows what `open` opens. It is opened anew when `owner` or `identity` changes; options may be new at each render. */
export function useStore<In, Out, Shown>(
  open: () => Source<In, Out>,
  owner: unknown,
  identity: unknown,
  options: StoreOptions<In, Shown>,
): Snapshot<Shown, Out> {
  // biome-ignore lint/correctness/useExhaustiveDependencies: options written in place must not make the store anew; configure() brings them
  const store = useMemo(() => makeStore(open(), options), [owner, identity]);
  const { select, equals } = options;
  const read = useMemo(() => store.reader({ select, equals }), [store, select, equals]);
  useEffect(() => store.configure(options)); // before the store is subscribed to, and after each render
  return useSyncExternalStore(store.subscribe, read, store.getServerSnapshot);
}
