import type { Cursor } from "@tidewire/wire";
import type { Entry, LogPage, Retention } from "../engine.ts";
import type { Form } from "../line.ts";
import type { Fold } from "./fold.ts";
import { Log } from "./log.ts";
import type { Page } from "./page.ts";
import type { SlowPolicy } from "./policy.ts";

/** Somebody who reads a topic. */
export interface TopicReader {
  /** The topic has something that this reader has not read. */
  wake(): void;
}

/** Where a first visit starts. A number: that many of the newest messages. */
export type StartFrom = "now" | "earliest" | number;

let lastNumber = 0;

/** A named log on this node, with everybody who reads it. */
export class Topic {
  readonly name: string;
  /** Unique on this node; names the topic in the keys of shared pages. */
  readonly number: number;
  readonly log: Log;
  readonly readers: Set<TopicReader> = new Set();
  /** The newest page per form, which nearly every reader of a live topic wants next. */
  readonly newest: Map<Form, { readonly from: number; readonly e: number; readonly top: number; readonly page: Page }> =
    new Map();
  /** Messages and characters that came since lines were last written to. */
  #freshMessages = 0;
  #freshChars = 0;
  /** Since when nobody has read or published; undefined while somebody does. */
  idleSince: number | undefined;
  /** Undefined while nobody reads it from the engine. */
  loading: Promise<void> | undefined;
  /** False until the log stood as the engine has it: the first reading may fail. */
  isFilled = false;
  /** What becomes of readers that fall behind, and from how many messages on. */
  policy: SlowPolicy = "replay";
  maxLag = 100;
  /** True when clients may publish without a handler in between. */
  takesPublishes = false;
  /** What all messages come to, where the topic keeps that. */
  #fold: Fold | undefined;
  /** Set by `hub.topic`: such a topic stays although nobody reads it. */
  isKept = false;

  constructor(name: string, retention: Retention) {
    this.name = name;
    lastNumber += 1;
    this.number = lastNumber;
    this.log = new Log({ e: 0, o: 0 }, retention);
  }

  /** Takes over what the engine has. */
  fill(page: LogPage, now: number): void {
    this.isFilled = true;
    this.log.restart({ e: page.e, o: page.entries[0]?.p ?? page.top });
    for (const entry of page.entries) this.log.push(entry, now);
    this.#fold?.fill(page);
  }

  /** From now on every message is also folded, beginning with those that are kept. */
  keepState(fold: Fold): void {
    const { e, top, min } = this.log;
    fold.fill({ e, top, min, entries: this.log.after(min, Infinity) });
    this.#fold = fold;
  }

  /** What {@link keepState} was given. */
  get fold(): Fold | undefined {
    return this.#fold;
  }

  /**
   * Takes the next entry of the engine's feed, by the rule that every reader follows: older epochs and offsets are dropped,
   * a hole is refused (false), so that the caller reads it from the engine.
   */
  take(entry: Entry, now: number): boolean {
    const { log } = this;
    if (entry.e < log.e || (entry.e === log.e && entry.o <= log.top)) return true;
    if (entry.e === log.e ? entry.p > log.top : entry.p > 0) return false;
    // Whoever is there gets it, also where it is larger than what is kept.
    this.#freshMessages += 1;
    this.#freshChars += entry.payload.length;
    log.push(entry, now, this.#freshMessages);
    this.#fold?.take(entry);
    this.idleSince = undefined;
    return true;
  }

  /** True when waiting any longer would trim what lines were not yet offered. */
  get isBrimful(): boolean {
    const { retainMessages, retainBytes } = this.log.retention;
    return this.#freshMessages * 2 >= retainMessages || this.#freshChars * 2 >= retainBytes;
  }

  /** Takes out what is not kept, once those who are there were offered it. */
  trim(now: number): void {
    this.log.trim(now, this.#freshMessages);
  }

  /** Tells everybody who reads this topic. */
  wakeReaders(): void {
    this.#freshMessages = 0;
    this.#freshChars = 0;
    for (const reader of this.readers) reader.wake();
  }

  /** The cursor of a first visit. */
  startAt(from: StartFrom): Cursor {
    const { log } = this;
    if (from === "now") return { e: log.e, o: log.top };
    return { e: log.e, o: from === "earliest" ? log.min : log.before(from) };
  }
}
