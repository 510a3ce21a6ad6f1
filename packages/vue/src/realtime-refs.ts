import { makeStore, type Snapshot, type Source, type Status, type StoreOptions } from "@tidewire/core";
import {
  type ComputedRef,
  computed,
  getCurrentInstance,
  onActivated,
  onDeactivated,
  shallowRef,
  watch,
  watchPostEffect,
} from "vue";

/** What `useRealtime` and `useTopic` return: readonly shallow refs and functions, safe to take apart. */
export interface RealtimeRefs<Shown, Out = never> {
  /** What `select` took from the state; the newest message without any options. */
  readonly data: ComputedRef<Shown>;
  readonly status: ComputedRef<Status["status"]>;
  readonly error: ComputedRef<Status["error"]>;
  /** All of it in one object, where `status` narrows what belongs to it: `attempt`, `retryAt`, `why`. */
  readonly snapshot: ComputedRef<Snapshot<Shown, Out>>;
  /** Sends one message up; rejects when the source has no way up. */
  readonly send: (data: Out) => Promise<void>;
  /** Hangs up and dials again at once; a plain source is subscribed to anew. */
  readonly reconnect: () => void;
}

/** Shows what `open` opens; opened anew when what that depends on changes. */
export function realtimeRefs<In, Out, Shown>(
  open: () => Source<In, Out>,
  options: StoreOptions<In, Shown>,
): RealtimeRefs<Shown, Out> {
  const store = computed(() => makeStore(open(), options));
  const commits = shallowRef({});
  // Vue hydrates onto the server's element, which shows what the server knew, also where others read the source already.
  const isHydrating = shallowRef(getCurrentInstance()?.vnode.el != null);
  const snapshot = computed(() => {
    void commits.value;
    return isHydrating.value ? store.value.getServerSnapshot() : store.value.getSnapshot();
  });

  const isWanted = shallowRef(false);
  watchPostEffect(() => {
    isHydrating.value = false;
    isWanted.value = true; // a post effect never runs while rendering on a server, so a server never dials
  });
  if (getCurrentInstance()) {
    onActivated(() => {
      isWanted.value = true;
    });
    onDeactivated(() => {
      isWanted.value = false;
    });
  }
  const read = (): void => {
    commits.value = {};
  };
  watch(
    [store, isWanted] as const,
    ([current, wanted], _before, onCleanup) => {
      if (wanted) onCleanup(current.subscribe(read));
    },
    { flush: "post" },
  );

  return {
    data: computed(() => snapshot.value.data),
    status: computed(() => snapshot.value.status),
    error: computed(() => snapshot.value.error),
    snapshot,
    send: (data) => store.value.getSnapshot().send(data),
    reconnect: () => store.value.getSnapshot().reconnect(),
  };
}
