import { makeStore, type Snapshot, type Source, type Status, type StoreOptions } from "@tidewire/core";
import { type Accessor, createEffect, createMemo, createSignal, onCleanup, sharedConfig } from "solid-js";

/** What `createRealtime` and `createTopic` return, in the shape of a resource: called, it is the value. Reading never throws. */
export interface RealtimeAccessor<Shown, Out = never> extends Accessor<Shown> {
  readonly status: Status["status"];
  /** Why the connection was lost, or could not be had; the value stays. */
  readonly error: Status["error"];
  /** All of it in one object, where `status` narrows what belongs to it: `attempt`, `retryAt`, `why`. */
  readonly snapshot: Snapshot<Shown, Out>;
  /** Sends one message up; rejects when the source has no way up. */
  readonly send: (data: Out) => Promise<void>;
  /** Hangs up and connects again at once; a plain source is subscribed to anew. */
  readonly reconnect: () => void;
}

/** Shows what `open` opens; opened anew when what that reads changes. Ends with its owner. */
export function realtimeAccessor<In, Out, Shown>(
  open: () => Source<In, Out>,
  options: StoreOptions<In, Shown>,
): RealtimeAccessor<Shown, Out> {
  const source = createMemo(open);
  const store = createMemo(() => makeStore(source(), options));
  const [commits, commit] = createSignal(undefined, { equals: false });
  // A page that a server rendered shows what the server knew until it was taken over.
  const [isTakenOver, takeOver] = createSignal(sharedConfig.context === undefined);
  const snapshot = createMemo(() => {
    commits();
    return isTakenOver() ? store().getSnapshot() : store().getServerSnapshot();
  });
  // An effect never runs on a server: a server never connects.
  createEffect(() => {
    onCleanup(store().subscribe(commit));
    takeOver(true);
    commit();
  });

  const value = createMemo(() => snapshot().data);
  const status = createMemo(() => snapshot().status);
  const error = createMemo(() => snapshot().error);
  return Object.defineProperties((() => value()) as RealtimeAccessor<Shown, Out>, {
    status: { get: status },
    error: { get: error },
    snapshot: { get: snapshot },
    send: { value: (data: Out) => store().getSnapshot().send(data) },
    reconnect: { value: () => store().getSnapshot().reconnect() },
  });
}
