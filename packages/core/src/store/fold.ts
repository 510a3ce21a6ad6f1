import { IDLE, type Status } from "../connection/status.ts";
import { type Accumulator, accumulatorOf } from "./accumulate.ts";
import { type Feed, joinFeed } from "./feed.ts";
import { guarded } from "./report.ts";
import { type FoldRule, isSameKind, isSameRule } from "./rule.ts";
import type { Committed } from "./snapshot.ts";
import type { Readable } from "./source.ts";

/** What a fold tells each of its readers. */
export interface FoldReader<In> {
  /** One message, exactly once. */
  message(data: In): void;
  /** The state or the status is another. Told for each message: schedule, do not render. */
  changed(): void;
}

/** By source, whose messages are the folds' own type. */
const liveFolds = new WeakMap<object, Set<object>>();

/** The running fold of a source that makes the same state. */
export function findFold<In, Out>(source: Readable<In, Out>, rule: FoldRule<In>): Fold<In> | undefined {
  const siblings = liveFolds.get(source) as Set<Fold<In>> | undefined;
  return [...(siblings ?? [])].find((fold) => isSameRule(fold.rule, rule));
}

/**
 * The state that the messages of one source make. Readers with the same rule share it, so that a late reader and a
 * quick remount find everything that came before. It starts with its first reader, and goes on for a moment after its
 * last one left.
 */
export class Fold<In> {
  status: Status = IDLE;
  /** True before the first message: the state is only the initial value. */
  isEmpty = true;
  isLive = false;
  rule: FoldRule<In>;
  readonly #source: Readable<In>;
  readonly #accumulator: Accumulator<In>;
  readonly #readers = new Set<FoldReader<In>>();
  #committed: Committed | undefined;
  #feed: Feed | undefined;
  #lingerTimer: ReturnType<typeof setTimeout> | undefined;

  /** `from` is a fold of the same source and kind to go on from. */
  constructor(source: Readable<In, never>, rule: FoldRule<In>, from?: Fold<In>) {
    this.#source = source;
    this.rule = rule;
    this.#accumulator = accumulatorOf(rule, from ? from.#accumulator : undefined);
    if (from) this.isEmpty = from.isEmpty;
  }

  /** What messages and statuses have made of it by now. */
  commit(): Committed {
    const state = this.#accumulator.state();
    const { status, isEmpty } = this;
    const before = this.#committed;
    if (before && before.state === state && before.status === status && before.isEmpty === isEmpty) return before;
    this.#committed = { state, status, isEmpty };
    return this.#committed;
  }

  /** What its readers show: a screen that comes between two commits must not be ahead of the others. */
  get shown(): Committed {
    return this.#readers.size > 0 && this.#committed ? this.#committed : this.commit();
  }

  /** The fold for a reader's newer rule: this one when nobody else reads it, else one that goes on from here. */
  withRule(rule: FoldRule<In>, reader: FoldReader<In>): Fold<In> {
    const isGoingOn = isSameKind(this.rule, rule);
    const others = this.#readers.size - (this.#readers.has(reader) ? 1 : 0);
    if (others > 0 || !isGoingOn) return new Fold(this.#source, rule, isGoingOn ? this : undefined);
    this.rule = rule;
    return this;
  }

  join(reader: FoldReader<In>): void {
    clearTimeout(this.#lingerTimer);
    this.#readers.add(reader);
    if (!this.isLive) this.#start();
  }

  leave(reader: FoldReader<In>, lingerMs: number): void {
    if (!this.#readers.delete(reader) || this.#readers.size > 0) return;
    this.#lingerTimer = setTimeout(() => this.#stop(), lingerMs);
  }

  reconnect(): void {
    this.#feed?.reconnect();
  }

  #start(): void {
    this.isLive = true;
    liveFolds.set(this.#source, (liveFolds.get(this.#source) ?? new Set()).add(this));
    this.#feed = joinFeed(this.#source, {
      value: (data) => this.#take(data),
      status: (status) => {
        this.status = status;
        this.#tellChange();
      },
    });
  }

  #stop(): void {
    this.isLive = false;
    liveFolds.get(this.#source)?.delete(this);
    this.#feed?.leave();
  }

  readonly #accumulate = (data: In): void => {
    this.#accumulator.take(data, this.rule);
    this.isEmpty = false;
  };

  #take(data: In): void {
    guarded(this.#accumulate, data);
    for (const reader of this.#readers) reader.message(data);
    this.#tellChange();
  }

  #tellChange(): void {
    for (const reader of this.#readers) reader.changed();
  }
}
