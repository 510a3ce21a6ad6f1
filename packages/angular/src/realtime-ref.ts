import {
  ApplicationRef,
  afterRenderEffect,
  computed,
  DestroyRef,
  inject,
  NgZone,
  type Signal,
  signal,
  untracked,
} from "@angular/core";
import { makeStore, type Snapshot, type Source, type Status, type StoreOptions } from "@tidewire/core";

/** What `injectRealtime` and `injectTopic` return: signals in the shape of a `Resource`, and the way up. Reading one never throws. */
export interface RealtimeRef<Shown, Out = never> {
  /** What `select` took from the state; the newest message without any options. */
  readonly value: Signal<Shown>;
  readonly status: Signal<Status["status"]>;
  /** Why the connection was lost, or could not be had; the value stays. */
  readonly error: Signal<Status["error"]>;
  /** True while it is connecting, for the first time or again, and while history is replayed. */
  readonly isLoading: Signal<boolean>;
  /** True where there is a value; narrows `value`. */
  hasValue(): this is RealtimeRef<Exclude<Shown, undefined>, Out>;
  /** All of it in one object, where `status` narrows what belongs to it: `attempt`, `retryAt`, `why`. */
  readonly snapshot: Signal<Snapshot<Shown, Out>>;
  /** Sends one message up; rejects when the source has no way up. */
  readonly send: (data: Out) => Promise<void>;
  /** Hangs up and connects again at once; a plain source is subscribed to anew. */
  readonly reconnect: () => void;
}

/** Shows what `open` opens; opened anew when what that reads changes. Ends with its injection context. */
export function realtimeRef<In, Out, Shown>(
  open: () => Source<In, Out>,
  options: StoreOptions<In, Shown>,
): RealtimeRef<Shown, Out> {
  const zone = inject(NgZone);
  const source = computed(open);
  const store = computed(() => makeStore(source(), options));
  const commits = signal({});
  // Until it is stable, an application may be taking over what a server rendered, which shows what the server knew.
  const isTakenOver = signal(isStable(inject(ApplicationRef)));
  const snapshot = computed(() => {
    commits();
    return isTakenOver() ? store().getSnapshot() : store().getServerSnapshot();
  });

  let stop = (): void => {};
  inject(DestroyRef).onDestroy(() => stop());
  // What runs after rendering never runs on a server: a server never connects.
  afterRenderEffect(() => {
    const current = store();
    stop();
    // Signals tell the screen by themselves: what the network does need not wake the zone.
    stop = zone.runOutsideAngular(() => current.subscribe(() => commits.set({})));
    isTakenOver.set(true);
    commits.set({});
  });

  return {
    value: computed(() => snapshot().data),
    status: computed(() => snapshot().status),
    error: computed(() => snapshot().error),
    isLoading: computed(() => snapshot().status === "connecting" || snapshot().status === "catching-up"),
    hasValue: (() => snapshot().data !== undefined) as RealtimeRef<Shown, Out>["hasValue"],
    snapshot,
    send: (data) => untracked(store).getSnapshot().send(data),
    reconnect: () => untracked(store).getSnapshot().reconnect(),
  };
}

/** `isStable` tells where it stands at once. */
function isStable(application: ApplicationRef): boolean {
  let isStable = false;
  application.isStable
    .subscribe((word) => {
      isStable = word;
    })
    .unsubscribe();
  return isStable;
}
