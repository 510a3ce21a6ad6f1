/** What one client was told, and how it fared. */
export class Book {
  gaps = 0;
  readonly recoveriesMs: number[] = [];
  /** When it saw that its line is gone or opened another one; the newest. */
  movedAt = 0;
  readonly #seen = new Map<string, number[]>();
  #cutAt: number | undefined;
  #isBack = false;

  constructor(topics: readonly string[]) {
    for (const topic of topics) this.#seen.set(topic, []);
  }

  /** Its line is cut now. A cut before it had recovered from another fault tells nothing. */
  cut(at: number): void {
    this.#cutAt = at;
    this.#isBack = false;
  }

  /** Another fault came in between. */
  spoil(): void {
    this.#cutAt = undefined;
  }

  open(): void {
    this.movedAt = performance.now();
    this.#isBack = true;
  }

  lost(): void {
    this.movedAt = performance.now();
  }

  message(topic: string, n: number): void {
    this.#seen.get(topic)?.push(n);
    if (this.#cutAt === undefined || !this.#isBack) return;
    this.recoveriesMs.push(performance.now() - this.#cutAt);
    this.#cutAt = undefined;
  }

  /** How many different messages came. */
  get received(): number {
    return [...this.#seen.values()].reduce((sum, seen) => sum + new Set(seen).size, 0);
  }

  /** Every topic's messages are numbered from 1. */
  audit(published: ReadonlyMap<string, number>): {
    expected: number;
    lost: number;
    doubled: number;
    reordered: number;
  } {
    const sum = { expected: 0, lost: 0, doubled: 0, reordered: 0 };
    for (const [topic, seen] of this.#seen) {
      const distinct = new Set(seen).size;
      const expected = published.get(topic) ?? 0;
      sum.expected += expected;
      sum.lost += expected - distinct;
      sum.doubled += seen.length - distinct;
      sum.reordered += seen.filter((n, index) => index > 0 && n < (seen[index - 1] as number)).length;
    }
    return sum;
  }
}
