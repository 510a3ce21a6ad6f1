import type { Cursor } from "@tidewire/wire";

/** What becomes of a message: handed on, known already, or proof that something before it is missing. */
export type Verdict = "deliver" | "drop" | "resync";

/**
 * The one door that a topic's messages come through, from however many lines (PROTOCOL.md rules 1 and 2). It keeps the
 * cursor, and moves it before anybody is told, so that an observer that throws or subscribes again is told nothing twice.
 */
export class Gate {
  /** Epoch and offset of the cursor; no epoch while the hub has not said where the reader begins. */
  #e: number | undefined;
  #o = 0;

  constructor(cursor: Cursor | undefined) {
    this.#move(cursor);
  }

  /** Where the reader stands. */
  get cursor(): Cursor | undefined {
    return this.#e === undefined ? undefined : { e: this.#e, o: this.#o };
  }

  /** A first visit begins here; a reader that already stands somewhere stays there. */
  begin(cursor: Cursor): void {
    if (this.#e === undefined) this.#move(cursor);
  }

  /** A later reader begins anew. */
  forget(): void {
    this.#move(undefined);
  }

  /** A message of epoch `e` that covers the half-open range (p, o]. */
  message(e: number, p: number, o: number): Verdict {
    if (this.#e === undefined || e > this.#e) return "resync";
    if (e < this.#e || o <= this.#o) return "drop";
    if (p > this.#o) return "resync";
    this.#o = o;
    return "deliver";
  }

  /** True when the gap counts: the cursor then stands behind it. */
  gap(e: number, to: number): boolean {
    if (this.#e !== undefined && (e < this.#e || (e === this.#e && to <= this.#o))) return false;
    this.#move({ e, o: to });
    return true;
  }

  /**
   * A gap that goes back. Whoever says so has asked the engine: its log ends before the cursor, or began anew by an older
   * clock. A reader that stayed where it was would take all that comes for known.
   */
  rollBack(cursor: Cursor): void {
    this.#move(cursor);
  }

  #move(cursor: Cursor | undefined): void {
    this.#e = cursor?.e;
    this.#o = cursor?.o ?? 0;
  }
}
