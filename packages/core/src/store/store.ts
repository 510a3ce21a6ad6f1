import { TidewireError } from "@tidewire/wire";
import type { Status } from "../connection/status.ts";
import { type Commit, schedulerOf } from "./commit.ts";
import { IDLE, isRealtime, readSource, type Source } from "./source.ts";

/** How messages become what a screen shows. */
export interface StoreOptions<In, Data = In, Empty = undefined, Shown = Data> {
  /** What is shown, and folded from, before the first message. Default undefined. */
  readonly initial?: Empty | undefined;
  /** Folds every message, once and in order, into the state. Default: the newest message is the state. */
  readonly reduce?: ((state: Data | Empty, data: In) => Data) | undefined;
  /** Takes from the state what is shown. Default: all of it. */
  readonly select?: ((state: Data | Empty) => Shown) | undefined;
  /** Two shown values that need no new render. Default `Object.is`. */
  readonly equals?: ((before: Shown, after: Shown) => boolean) | undefined;
  /** When the screen is told. Default "frame". Every message is folded either way. */
  readonly commit?: Commit | undefined;
  /** Called for each message exactly once, outside rendering. */
  readonly onMessage?: ((data: In) => void) | undefined;
  /** How long the fold goes on after its last reader left (StrictMode, route changes, hidden parts), in milliseconds. Default 1000. */
  readonly lingerMs?: number | undefined;
}

/** The immutable value a screen reads: the same object until something changed. */
export type Snapshot<Shown, Out = never> = Status & {
  readonly data: Shown;
  /** Sends one message up; rejects when the source has no way up. */
  readonly send: (data: Out) => Promise<void>;
  /** Hangs up and dials again at once. */
  readonly reconnect: () => void;
};

/**
 * THE seam for bindings. `getSnapshot` MUST be given to the framework as it is: it returns the same object until
 * something changed. `subscribe` starts the source with its first reader; calling what it returns twice is harmless.
 * Making a store starts nothing, so a server render never dials.
 */
export interface Store<In, Data, Empty, Shown, Out> {
  getSnapshot(): Snapshot<Shown, Out>;
  /** What a server renders and a client hydrates from: idle, with the initial value. */
  getServerSnapshot(): Snapshot<Shown, Out>;
  subscribe(onChange: () => void): () => void;
  /** Takes the options of the newest render: callbacks go stale, a fold does not start again. */
  configure(options: StoreOptions<In, Data, Empty, Shown>): void;
}

/** Makes the store between one source and one screen. */
export function createStore<In, Out = never, Data = In, Empty = undefined, Shown = Data | Empty>(
  source: Source<In, Out>,
  firstOptions: StoreOptions<In, Data, Empty, Shown> = {},
): Store<In, Data, Empty, Shown, Out> {
  let options = firstOptions;
  let state = options.initial as Data | Empty;
  let status: Status = isRealtime(source) ? source.status : IDLE;
  const listeners = new Set<() => void>();
  let stopSource: (() => void) | undefined;
  let lingerTimer: ReturnType<typeof setTimeout> | undefined;
  let cancelCommit: (() => void) | undefined;
  let isDirty = false;

  const send = (data: Out): Promise<void> =>
    isRealtime(source)
      ? source.send(data)
      : Promise.reject(new TidewireError("send-unsupported", "This source has no way up: read a Realtime to send."));
  const reconnect = (): void => {
    if (isRealtime(source)) source.reconnect();
  };
  const show = (): Shown => (options.select ? options.select(state) : (state as unknown as Shown));
  const picture = (now: Status): Snapshot<Shown, Out> => Object.freeze({ ...now, data: show(), send, reconnect });
  const serverSnapshot = picture(IDLE);
  let snapshot = status === IDLE ? serverSnapshot : picture(status);
  let shownStatus = status;

  function flush(): void {
    cancelCommit?.();
    cancelCommit = undefined;
    if (!isDirty) return;
    isDirty = false;
    const equals = options.equals ?? Object.is;
    const next = picture(status);
    if (shownStatus === status && equals(snapshot.data, next.data)) return;
    shownStatus = status;
    snapshot = next;
    for (const listener of [...listeners]) listener();
  }

  function touch(): void {
    isDirty = true;
    if (cancelCommit !== undefined) return;
    const schedule = schedulerOf(options.commit);
    if (schedule === undefined) return flush();
    cancelCommit = schedule(() => {
      cancelCommit = undefined;
      flush();
    });
  }

  function start(): void {
    stopSource = readSource(source, {
      value(data) {
        try {
          state = options.reduce ? options.reduce(state, data) : (data as unknown as Data);
          options.onMessage?.(data);
        } catch (error) {
          // A user's function threw: the stream and the fold go on, and the error is seen where uncaught errors are.
          queueMicrotask(() => {
            throw error;
          });
        }
        touch();
      },
      status(next) {
        status = next;
        touch();
      },
    });
    flush(); // a first value that came at once is there before the framework looks again
  }

  function stop(): void {
    lingerTimer = undefined;
    stopSource?.();
    stopSource = undefined;
    cancelCommit?.();
    cancelCommit = undefined;
    status = isRealtime(source) ? source.status : IDLE;
  }

  return {
    getSnapshot: () => snapshot,
    getServerSnapshot: () => serverSnapshot,
    configure(next) {
      options = next;
    },
    subscribe(onChange) {
      const listener = (): void => onChange();
      listeners.add(listener);
      clearTimeout(lingerTimer);
      lingerTimer = undefined;
      if (stopSource === undefined) start();
      return () => {
        if (!listeners.delete(listener) || listeners.size > 0) return;
        lingerTimer = setTimeout(stop, options.lingerMs ?? 1000);
      };
    },
  };
}
