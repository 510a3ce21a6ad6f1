import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

/** Frames that come only when the test says so. */
function frames() {
  const waiting = new Map<number, () => void>();
  let last = 0;
  vi.stubGlobal("requestAnimationFrame", (run: () => void) => {
    last += 1;
    waiting.set(last, run);
    return last;
  });
  vi.stubGlobal("cancelAnimationFrame", (id: number) => void waiting.delete(id));
  return {
    come() {
      const due = [...waiting.values()];
      waiting.clear();
      for (const run of due) run();
    },
  };
}

beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a commit per frame", () => {
  test("sets no timer for each frame", async () => {
    const { come } = frames();
    const { onFrame } = await import("./commit.ts");
    const timers = vi.spyOn(globalThis, "setTimeout");
    const flush = vi.fn();
    for (let frame = 0; frame < 60; frame++) {
      onFrame(flush);
      come();
      vi.advanceTimersByTime(16);
    }
    expect(flush).toHaveBeenCalledTimes(60);
    expect(timers.mock.calls.length).toBeLessThanOrEqual(4);
  });

  test("comes by timer where no frame comes, also after frames did", async () => {
    const { come } = frames();
    const { onFrame } = await import("./commit.ts");
    const flush = vi.fn();
    onFrame(flush);
    come();
    vi.advanceTimersByTime(200);
    onFrame(flush); // the page was hidden in between
    vi.advanceTimersByTime(50);
    expect(flush).toHaveBeenCalledTimes(1); // the timer that looks now is older than what waits
    vi.advanceTimersByTime(250);
    expect(flush).toHaveBeenCalledTimes(2);
    come(); // shown again: what was committed is not committed twice
    expect(flush).toHaveBeenCalledTimes(2);
  });

  test("that was called off leaves no timer that works, and no frame", async () => {
    const { come } = frames();
    const { onFrame } = await import("./commit.ts");
    const flush = vi.fn();
    onFrame(flush)();
    come();
    vi.runAllTimers();
    expect(flush).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});
