import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Entry, Retention } from "../engine.ts";
import { Log } from "./log.ts";

const ALL: Retention = { retainMessages: Infinity, retainBytes: Infinity, retainMs: Infinity };
const entry = (o: number, p: number, payload = "x", at = 0, e = 1): Entry => ({ e, o, p, payload, at });

/** A log of the given steps between offsets: 1 is dense, more is sparse. */
function logOf(steps: readonly number[], retention: Retention = ALL, payload: (o: number) => string = () => "x") {
  const log = new Log({ e: 1, o: 0 }, retention);
  const entries: Entry[] = [];
  for (const step of steps) {
    const next = entry(log.top + step, log.top, payload(log.top + step));
    entries.push(next);
    log.push(next, 0);
  }
  return { log, entries };
}

const steps = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 300 });

describe("a log", () => {
  it("keeps the newest messages within count and characters, as a plain array would", () => {
    const bounds = fc.record({ retainMessages: fc.nat(50), retainBytes: fc.nat(500) });
    fc.assert(
      fc.property(steps, bounds, fc.nat(20), (given, bound, length) => {
        const { log, entries } = logOf(given, { ...ALL, ...bound }, (o) => "x".repeat((o * length) % 17));
        let kept = entries.slice(Math.max(0, entries.length - bound.retainMessages));
        while (kept.reduce((sum, { payload }) => sum + payload.length, 0) > bound.retainBytes) kept = kept.slice(1);
        expect(log.after(0, Infinity)).toEqual(kept);
        expect(log.size).toBe(kept.length);
        expect(log.min).toBe(kept[0]?.p ?? log.top);
        expect(log.top).toBe(entries.at(-1)?.o ?? 0);
      }),
    );
  });

  it("is read through by pages from any offset, nothing lost or repeated", () => {
    fc.assert(
      fc.property(steps, fc.nat(400), fc.constantFrom(10, 3000, 20_000), (given, start, length) => {
        const { log, entries } = logOf(given, ALL, () => "x".repeat(length));
        const read: Entry[] = [];
        let at = start;
        for (let page = log.page(at); page.length > 0; page = log.page(at)) {
          read.push(...page);
          at = page.at(-1)?.o as number;
        }
        expect(read).toEqual(entries.filter(({ o }) => o > start));
      }),
    );
  });

  it("ends pages at the same places for every reader", () => {
    const { log } = logOf(Array(16_000).fill(1));
    const ends = (start: number) => {
      const found = new Set<number>();
      for (let at = start; at < log.top; found.add(at)) at = log.page(at).at(-1)?.o as number;
      return found;
    };
    const fromTheStart = ends(0);
    expect(fromTheStart.size).toBeGreaterThan(3);
    for (const start of [1, 250, 777]) for (const end of ends(start)) expect(fromTheStart).toContain(end);
  });

  it("lets messages go by age", () => {
    const log = new Log({ e: 1, o: 0 }, { ...ALL, retainMs: 100 });
    log.push(entry(1, 0, "a", 0), 0);
    log.push(entry(2, 1, "b", 60), 60);
    log.push(entry(3, 2, "c", 120), 120);
    expect(log.after(0, 9).map(({ payload }) => payload)).toEqual(["b", "c"]);
    log.trim(1000);
    expect(log.size).toBe(0);
    expect(log.chars).toBe(0);
    expect(log.min).toBe(3);
  });

  it("begins anew with a newer epoch", () => {
    const { log } = logOf([1, 1, 1]);
    log.push(entry(1, 0, "new", 0, 2), 0);
    expect(log).toMatchObject({ e: 2, top: 1, min: 0, size: 1, chars: 3 });
  });

  it("finds where the newest messages begin", () => {
    const { log } = logOf([2, 2, 2]);
    expect([0, 1, 2, 3, 99].map((count) => log.before(count))).toEqual([6, 4, 2, 0, 0]);
  });
});
