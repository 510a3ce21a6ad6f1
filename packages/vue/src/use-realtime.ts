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
} from "@tidewire/core";
import {
  type ComputedRef,
  computed,
  getCurrentInstance,
  type MaybeRefOrGetter,
  onActivated,
  onDeactivated,
  shallowRef,
  toValue,
  watch,
  watchPostEffect,
} from "vue";

/** What {@link useRealtime} returns: readonly shallow refs and functions, safe to take apart. */
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

/**
 * Reads a stream, an Observable, an async iterable or a URL, or a ref or getter of one; `null`, `undefined` and
 * `false` are idle. Starts after mounting, never during server rendering; ends with its component or effect scope, and
 * rests while KeepAlive has the component put away.
 *
 * @example
 * const { data, status, send } = useRealtime(chat, { initial: [], reduce: lastHundred });
 */
export function useRealtime<In = unknown, Out = never, Key = unknown, Shown = ReadonlyMap<Key, In>>(
  source: MaybeRefOrGetter<Source<In, Out> | Endpoint>,
  options: ConflateOptions<In, Key, Shown> & OpenOptions<In, Out>,
): RealtimeRefs<Shown, Out>;
export function useRealtime<
  In = unknown,
  Out = never,
  Init = undefined,
  State = FoldOf<In, Init>,
  Shown = Folded<State, Init>,
>(
  source: MaybeRefOrGetter<Source<In, Out> | Endpoint>,
  options: ReduceOptions<In, Init, State, Shown> & OpenOptions<In, Out>,
): RealtimeRefs<Shown, Out>;
export function useRealtime<In = unknown, Out = never, Empty = undefined, Shown = In | Empty>(
  source: MaybeRefOrGetter<Source<In, Out> | Endpoint>,
  options?: NewestOptions<In, Empty, Shown> & OpenOptions<In, Out>,
): RealtimeRefs<Shown, Out>;
export function useRealtime<In, Out, Shown>(
  source: MaybeRefOrGetter<Source<In, Out> | Endpoint>,
  options: AddressOptions<In, Out, Shown> = {},
): RealtimeRefs<Shown, Out> {
  const store = computed(() => makeStore(openSource(toValue(source), options), options));
  const commits = shallowRef({});
  const snapshot = computed(() => {
    void commits.value;
    return store.value.getSnapshot();
  });

  const isWanted = shallowRef(false);
  watchPostEffect(() => {
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
