import { makeStore, type Snapshot, type Source, type Status, type Store, type StoreOptions } from "@tidewire/core";
import { createSubscriber } from "svelte/reactivity";

/** What `useRealtime` and `useTopic` return. Read its fields where they are used; taken apart they stand still. */
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

/** Shows what `open` opens; opened anew when what `identify` says is another. */
export function realtimeState<In, Out, Shown, Identity>(
  identify: () => Identity,
  open: (identity: Identity) => Source<In, Out>,
  options: StoreOptions<In, Shown>,
): RealtimeState<Shown, Out> {
  const hold = (identity: Identity) => ({ identity, read: tracked(makeStore(open(identity), options)) });
  let held = hold(identify());
  const read = (): Snapshot<Shown, Out> => {
    const identity = identify();
    if (held.identity !== identity) held = hold(identity);
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
