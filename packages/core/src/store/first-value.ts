import { TidewireError } from "@tidewire/wire";
import { Fold, type FoldReader, findFold } from "./fold.ts";
import type { Readable } from "./source.ts";

/** For how long a first value is waited for, and kept. */
export interface FirstValueOptions {
  /** How long one that nobody shows is kept, and its source read on, in milliseconds. Default 5000. */
  readonly ttlMs?: number | undefined;
  /** How long a silent source is waited for, in milliseconds. Default 60 000. */
  readonly waitMs?: number | undefined;
}

/** The first message of a source as a promise, for frameworks that wait for one before they render. */
export interface FirstValue<In> {
  /** The same promise for all who wait. Rejects when the source fails, ends or stays silent without a message. */
  readonly promise: Promise<In>;
  /** Keeps it for as long as somebody shows it. Calling what it returns twice is harmless. */
  readonly retain: () => () => void;
}

const firstValues = new WeakMap<object, FirstValue<never>>();

/**
 * Starts to read a source for its first message; gives the same answer for as long as that is kept. Whoever shows the
 * source afterwards finds it open, with its newest message there.
 */
export function firstValue<In, Out>(source: Readable<In, Out>, options: FirstValueOptions = {}): FirstValue<In> {
  const known = firstValues.get(source) as FirstValue<In> | undefined;
  if (known) return known;
  return new Waiting<In>(source, options);
}

class Waiting<In> implements FirstValue<In> {
  readonly promise: Promise<In>;
  readonly #source: Readable<In>;
  readonly #fold: Fold<In>;
  readonly #ttlMs: number;
  #holders = 0;
  #isSettled = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #resolve!: (value: In) => void;
  #reject!: (error: TidewireError) => void;

  constructor(source: Readable<In, never>, { ttlMs = 5000, waitMs = 60_000 }: FirstValueOptions) {
    this.#source = source;
    this.#ttlMs = ttlMs;
    this.#fold = findFold(source, {}) ?? new Fold(source, {});
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.promise.catch(() => {}); // who waits is told; who left does not care
    this.#timer = setTimeout(() => this.#fail(`No message came within ${waitMs} ms.`), waitMs);
    this.#keep();
    this.#look();
  }

  readonly retain = (): (() => void) => {
    let isHeld = true;
    this.#holders += 1;
    if (this.#isSettled) clearTimeout(this.#timer);
    this.#keep(); // a screen that took its time gets what it waited for, also when that was forgotten meanwhile
    return () => {
      if (isHeld) this.#holders -= 1;
      isHeld = false;
      if (this.#isSettled) this.#expire();
    };
  };

  readonly #reader: FoldReader<In> = { message: () => {}, changed: () => this.#look() };

  #keep(): void {
    firstValues.set(this.#source, this as FirstValue<unknown> as FirstValue<never>);
    this.#fold.join(this.#reader);
  }

  #look(): void {
    const { status, isEmpty, state } = this.#fold.commit();
    if (!isEmpty) this.#settle(() => this.#resolve(state as In));
    else if (status.status === "failed") this.#settle(() => this.#reject(status.error));
    else if (status.status === "closed") this.#fail("The source ended without a message.");
  }

  #fail(message: string): void {
    this.#settle(() => this.#reject(new TidewireError("connect-timeout", message, { isFinal: true })));
  }

  #settle(how: () => void): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    how();
    this.#expire();
  }

  #expire(): void {
    clearTimeout(this.#timer);
    if (this.#holders > 0) return;
    this.#timer = setTimeout(() => {
      if (firstValues.get(this.#source) === (this as object)) firstValues.delete(this.#source);
      this.#fold.leave(this.#reader, 0);
    }, this.#ttlMs);
  }
}
