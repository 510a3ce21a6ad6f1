import { TidewireError } from "@tidewire/wire";
import { IDLE, type Status } from "../connection/status.ts";
import { commitQueue } from "./commit.ts";
import { Fold, type FoldReader, findFold } from "./fold.ts";
import type {
  ConflateOptions,
  Folded,
  FoldOf,
  NamedFold,
  NewestOptions,
  ReduceOptions,
  StoreOptions,
} from "./options.ts";
import { checkOptions } from "./options.ts";
import { guarded } from "./report.ts";
import { initialOf } from "./rule.ts";
import { Camera, type Committed, type Selection, type Snapshot } from "./snapshot.ts";
import { isRealtime, type Source } from "./source.ts";

/**
 * THE seam for bindings. Making a store starts nothing, so a server render never dials: the first `subscribe` starts
 * the source. What snapshots tell changes only when the commit says so, and then before the listeners are told.
 */
export interface Store<In, Shown, Out = never> {
  /** The same object until something changed, as the first options select it. */
  readonly getSnapshot: () => Snapshot<Shown, Out>;
  /** The status that the snapshot tells, alone: the same object until it changed. */
  readonly getStatus: () => Status;
  /** What a server renders and a client hydrates from: idle, with the initial value. */
  readonly getServerSnapshot: () => Snapshot<Shown, Out>;
  /** A `getSnapshot` for other `select` and `equals`: for frameworks that give new ones with each render. */
  readonly reader: (selection: Selection<Shown>) => () => Snapshot<Shown, Out>;
  /** Reads until the returned function is called; calling that twice is harmless. */
  readonly subscribe: (onChange: () => void) => () => void;
  /** Takes the options of the newest render: callbacks go stale, a fold does not start again. */
  readonly configure: (options: StoreOptions<In, Shown>) => void;
}

/** The three ways to fold have their own signatures. */
export interface CreateStore {
  <In, Out = never, Key = unknown, Shown = ReadonlyMap<Key, In>>(
    source: Source<In, Out>,
    options: ConflateOptions<In, Key, Shown>,
  ): Store<In, Shown, Out>;
  <In, Out = never, Init = undefined, State = FoldOf<In, Init>, Shown = Folded<State, Init>>(
    source: Source<In, Out>,
    options: ReduceOptions<In, Init, State, Shown>,
  ): Store<In, Shown, Out>;
  <In, Out = never, Empty = undefined, Shown = In | Empty>(
    source: Source<In, Out>,
    options?: NewestOptions<In, Empty, Shown> | NamedFold,
  ): Store<In, Shown, Out>;
}

const DEFAULT_LINGER_MS = 1000;

/** Which moment of a fold a screen takes over. */
type Moment = "shown" | "now";

class SourceStore<In, Shown, Out> implements Store<In, Shown, Out> {
  readonly #source: Source<In, Out>;
  #options: StoreOptions<In, Shown>;
  #fold: Fold<In> | undefined;
  #committed: Committed;
  readonly #serverCommitted: Committed;
  readonly #camera: Camera<Shown, Out>;
  readonly #listeners = new Set<() => void>();
  readonly #queue = commitQueue(() => this.#flush("now"));
  readonly getSnapshot: () => Snapshot<Shown, Out>;
  readonly getServerSnapshot: () => Snapshot<Shown, Out>;

  constructor(source: Source<In, Out>, options: StoreOptions<In, Shown>) {
    checkOptions(options);
    this.#source = source;
    this.#options = options;
    this.#committed = this.#serverCommitted = { state: initialOf(options), status: IDLE, isEmpty: true };
    this.#camera = new Camera({ send: this.#send, reconnect: this.#reconnect });
    this.getSnapshot = this.reader(options);
    this.getServerSnapshot = new Camera<Shown, Out>({ send: this.#send, reconnect: this.#reconnect }).reader(
      () => this.#serverCommitted,
      options,
    );
  }

  readonly reader = (selection: Selection<Shown>): (() => Snapshot<Shown, Out>) =>
    this.#camera.reader(this.#lookUp, selection);

  readonly getStatus = (): Status => this.#lookUp().status;

  /** While nobody is told of changes, a reader finds out by itself. */
  readonly #lookUp = (): Committed => {
    if (this.#listeners.size === 0) this.#look("shown");
    return this.#committed;
  };

  readonly subscribe = (onChange: () => void): (() => void) => {
    const listener = (): void => onChange();
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#attach();
    return () => {
      if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return;
      this.#queue.cancel();
      this.#fold?.leave(this.#foldReader, this.#lingerMs);
    };
  };

  readonly configure = (next: StoreOptions<In, Shown>): void => {
    const before = this.#options;
    this.#options = next;
    if (before.reduce === next.reduce && before.conflate === next.conflate) return;
    const fold = this.#fold;
    if (!fold?.isLive) return;
    this.#fold = fold.withRule(next, this.#foldReader);
    if (this.#fold === fold || this.#listeners.size === 0) return;
    this.#fold.join(this.#foldReader);
    fold.leave(this.#foldReader, this.#lingerMs);
  };

  readonly #foldReader: FoldReader<In> = {
    message: (data) => {
      const { onMessage } = this.#options;
      if (onMessage) guarded(onMessage, data);
    },
    changed: () => this.#queue.touch(this.#options.commit),
  };

  readonly #send = (data: Out): Promise<void> =>
    isRealtime(this.#source)
      ? this.#source.send(data)
      : Promise.reject(new TidewireError("send-unsupported", "This source has no way up: read a Realtime to send."));

  readonly #reconnect = (): void => {
    if (this.#fold?.isLive) this.#fold.reconnect();
    else if (isRealtime(this.#source)) this.#source.reconnect();
  };

  get #lingerMs(): number {
    return this.#options.lingerMs ?? DEFAULT_LINGER_MS;
  }

  #attach(): void {
    if (!this.#source) return;
    if (!this.#fold?.isLive) {
      this.#fold = findFold(this.#source, this.#options) ?? new Fold(this.#source, this.#options);
    }
    const isFirst = !this.#fold.isLive;
    this.#fold.join(this.#foldReader);
    this.#flush(isFirst ? "now" : "shown"); // a value that came at once is there before the framework looks again
    if (!isFirst) this.#foldReader.changed(); // what the others have not committed yet comes with their next commit
  }

  /** Takes over what the fold has. Before the first message the screen keeps what it shows. */
  #look(moment: Moment): void {
    if (!this.#source) return;
    const fold = this.#fold?.isLive ? this.#fold : findFold(this.#source, this.#options);
    const taken = moment === "now" ? fold?.commit() : fold?.shown;
    const status = taken?.status ?? (isRealtime(this.#source) ? this.#source.status : IDLE);
    const isNews = taken !== undefined && !taken.isEmpty;
    const { state, isEmpty } = isNews ? taken : this.#committed;
    if (status === this.#committed.status && Object.is(state, this.#committed.state)) return;
    this.#committed = { state, status, isEmpty };
  }

  #flush(moment: Moment): void {
    this.#queue.cancel();
    const before = this.#committed;
    this.#look(moment);
    if (this.#committed === before) return;
    for (const listener of [...this.#listeners]) if (this.#listeners.has(listener)) guarded(listener);
  }
}

/** {@link createStore} for bindings, whose own signatures have checked the options. */
export function makeStore<In, Out, Shown>(
  source: Source<In, Out>,
  options: StoreOptions<In, Shown> = {},
): Store<In, Shown, Out> {
  return new SourceStore(source, options);
}

/** Makes the store between one source and one screen. Nothing dials before the first `subscribe`. */
export const createStore: CreateStore = makeStore as CreateStore;
