import { describe, expect, it } from "vitest";
import { Allowance } from "./allowance.ts";

describe("an allowance", () => {
  it("lets a burst through, and then as much as comes back by time", () => {
    const allowance = new Allowance({ burst: 10, perSecond: 5 }, 0);
    expect(allowance.take(10, 0)).toBe(0);
    expect(allowance.take(1, 0)).toBe(200);
    expect(allowance.take(1, 199)).toBe(1);
    expect(allowance.take(1, 200)).toBe(0);
    expect(allowance.take(10, 60_000)).toBe(0);
    expect(allowance.take(1, 60_000)).toBe(200);
  });

  it("gives what is more than the burst once it is whole", () => {
    const allowance = new Allowance({ burst: 10, perSecond: 5 }, 0);
    expect(allowance.take(1000, 0)).toBe(0);
    expect(allowance.take(1000, 0)).toBe(2000);
  });

  it("gives nothing for a clock that was set back", () => {
    const allowance = new Allowance({ burst: 1, perSecond: 1 }, 100_000);
    expect(allowance.take(1, 100_000)).toBe(0);
    expect(allowance.take(1, 0)).toBe(1000);
    expect(allowance.take(1, 1000)).toBe(0);
  });
});
