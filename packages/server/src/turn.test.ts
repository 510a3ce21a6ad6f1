import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createTurn } from "./turn.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a turn", () => {
  it("runs once however often it was woken", () => {
    const run = vi.fn();
    const turn = createTurn(run);
    for (let i = 0; i < 10; i += 1) turn.wake();
    expect(run).not.toHaveBeenCalled();
    vi.advanceTimersByTime(0);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it("waits after a long run half as long as that run took, and not at all once it was quiet", () => {
    const took = [8, 0, 0, 500];
    const at: number[] = [];
    const turn = createTurn(() => {
      at.push(performance.now());
      vi.setSystemTime(Date.now() + (took[at.length - 1] ?? 0));
      vi.advanceTimersByTime(took[at.length - 1] ?? 0);
    });
    const start = performance.now();
    turn.wake();
    vi.advanceTimersByTime(0);
    turn.wake();
    vi.advanceTimersByTime(3);
    expect(at).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(at.map((time) => Math.round(time - start))).toEqual([0, 12]);
    turn.wake();
    vi.advanceTimersByTime(0);
    expect(at, "a short run delays nothing").toHaveLength(3);
  });

  it("never pauses longer than 20 ms", () => {
    let runs = 0;
    const turn = createTurn(() => {
      runs += 1;
      if (runs === 1) vi.advanceTimersByTime(500);
    });
    turn.wake();
    vi.advanceTimersByTime(0);
    turn.wake();
    vi.advanceTimersByTime(20);
    expect(runs).toBe(2);
  });

  it("counts what the system has to say of a run as part of it", async () => {
    vi.useRealTimers();
    let settled = 0;
    const again = await new Promise<number>((resolve) => {
      const turn = createTurn(() => {
        if (settled > 0) return resolve(performance.now());
        setImmediate(() => {
          const until = performance.now() + 30;
          while (performance.now() < until);
          settled = performance.now();
        });
        turn.wake();
      });
      turn.wake();
    });
    expect(again - settled).toBeGreaterThan(13); // Half of 30, but for a timer's own millisecond.
  });

  it("runs nothing after it was stopped", () => {
    const run = vi.fn();
    const turn = createTurn(run);
    turn.wake();
    turn.stop();
    turn.wake();
    vi.runAllTimers();
    expect(run).not.toHaveBeenCalled();
  });
});
