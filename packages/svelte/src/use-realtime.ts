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
  type Status,
  type Store,
} from "@tidewire/core";
import { createSubscriber } from "svelte/reactivity";

/** What {@link useRealtime} returns. Read its fields where they are used; taken apart they stand still. */
export interface RealtimeState<Shown, Out = never> {
  /** What `select` took from the state; the newest message without any options. */
  readonly current: Shown;
  readonly status: Status["status"];
  readonly error: Status["error"];
  /** All of it in one object, where `status` narrows what belongs to it: `attempt`, `retryAt`, `why`. */
  readonly snapshot: Snapshot<Shown, Out>;
  /** Sends one message up; rejects when the source has no way up. */
  readonly send: (data: Out) => Promise<void>;
  /** Hangs up and dials again at once; a plain source is subscribed to anew. */
  readonly reconnect: () => void;
}

type Given<In, Out> = Source<In, Out> | Endpoint;
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
  options?: NewestOptions<In, Empty, Shown> & OpenOptions<In, Out>,
): RealtimeState<Shown, Out>;
export function useRealtime<In, Out, Shown>(
  source: GivenOrGetter<In, Out>,
  options: AddressOptions<In, Out, Shown> = {},
): RealtimeState<Shown, Out> {
  const open = (identity: Given<In, Out>) => {
    return { identity, read: tracked(makeStore(openSource(identity, options), options)) };
  };
  const given = (): Given<In, Out> => {
    const now = typeof source === "function" ? source() : source;
    return now instanceof URL ? now.href : now;
  };
  let held = open(given());
  const read = (): Snapshot<Shown, Out> => {
    const identity = given();
    if (held.identity !== identity) held = open(identity);
    return held.read();
  };
  return {
    get current() {
      return read().data;
    },
    get status() {
      return read().status;
    },
    get error() {
      return read().error;
    },
    get snapshot() {
      return read();
    },
    send: (data) => read().send(data),
    reconnect: () => read().reconnect(),
  };
}

/** Reads a store, and subscribes to it for as long as the effect that reads lives. */
function tracked<In, Shown, Out>(store: Store<In, Shown, Out>): () => Snapshot<Shown, Out> {
  const track = createSubscriber((update) => {
    let told: Snapshot<Shown, Out> | undefined; // what comes while subscribing is read right after it
    const stop = store.subscribe(() => {
      const now = store.getSnapshot();
      if (told !== undefined && told !== now) update();
      told = now;
    });
    told = store.getSnapshot();
    return stop;
  });
  return () => {
    track();
    return store.getSnapshot();
  };
}
