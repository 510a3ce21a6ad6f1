import { describe, expect, test } from "vitest";
import { type RetryOptions, retryDelay } from "./retry.ts";

interface Wait extends RetryOptions {
  readonly attempt?: number;
  readonly isHidden?: boolean;
  readonly baseHintMs?: number;
  readonly afterMs?: number;
}
const wait = ({ attempt = 1, isHidden = false, baseHintMs, afterMs, ...options }: Wait): number =>
  retryDelay(options, attempt, isHidden, baseHintMs, afterMs);
const longest = (parts: Wait): number => wait({ random: () => 0.999999, ...parts });
const shortest = (parts: Wait): number => wait({ random: () => 0, ...parts });

describe("without a hint", () => {
  test("the first wait is anywhere below a second", () => {
    expect(shortest({})).toBe(0);
    expect(longest({})).toBeLessThan(1000);
    expect(longest({})).toBeGreaterThan(999);
  });
  test("the window grows at each failure, up to the cap", () => {
    expect(longest({ attempt: 2 })).toBeGreaterThan(longest({ attempt: 1 }));
    expect(longest({ attempt: 1000 })).toBeLessThanOrEqual(10_000);
    expect(longest({ attempt: 1000 })).toBeGreaterThan(9999);
  });
  test("a hidden page waits longer, but only after many failures", () => {
    expect(longest({ isHidden: true })).toBeLessThan(1000);
    expect(longest({ attempt: 1000, isHidden: true })).toBeGreaterThan(29_999);
  });
  test("base and caps are the caller's", () => {
    expect(longest({ attempt: 50, retryCapMs: 10 })).toBeLessThanOrEqual(10);
    expect(longest({ retryBaseMs: 100 })).toBeLessThanOrEqual(100);
  });
});

describe("with the server's word", () => {
  test("`retry:` is the least wait, with up to half as much again", () => {
    expect(shortest({ baseHintMs: 3000 })).toBe(3000);
    expect(longest({ baseHintMs: 3000 })).toBeLessThan(4500);
  });
  test("`retry:` above the cap is honoured", () => {
    expect(shortest({ baseHintMs: 60_000, attempt: 9 })).toBe(60_000);
  });
  test("`Retry-After` wins over everything, and is never undercut", () => {
    expect(shortest({ afterMs: 20_000, baseHintMs: 50, attempt: 9 })).toBe(20_000);
    expect(longest({ afterMs: 20_000 })).toBeLessThanOrEqual(21_000);
  });
  test("an explicit zero means at once, the first time", () => {
    expect(longest({ afterMs: 0 })).toBe(0);
    expect(longest({ afterMs: 0, attempt: 9 })).toBeGreaterThan(5000);
  });
});

/** How long after the server listens again the median client dials, in milliseconds of simulated time. */
function medianReturn(downMs: number, seed = 1): number {
  let state = seed;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
  const returns = Array.from({ length: 5001 }, () => {
    let at = 0;
    for (let attempt = 1; at < downMs; attempt += 1) at += wait({ attempt, random });
    return at - downMs;
  });
  return returns.sort((a, b) => a - b)[2500] as number;
}

test.each([
  [500, 400],
  [5000, 1200],
  [30_000, 5000],
])("after %i ms down the median client dials within %i ms", (downMs, withinMs) => {
  expect(medianReturn(downMs)).toBeLessThanOrEqual(withinMs);
});
