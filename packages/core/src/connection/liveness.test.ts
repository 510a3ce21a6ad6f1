import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "./clock.ts";
import { type Liveness, type LivenessOptions, watchLiveness } from "./liveness.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
});

function watch(options: Partial<LivenessOptions> = {}) {
  const onSilent = vi.fn();
  const liveness = watchLiveness({
    clock: systemClock,
    silenceMs: 10_000,
    ping: undefined,
    pingMs: 5000,
    pongMs: 3000,
    onSilent,
    ...options,
  });
  return { liveness, onSilent };
}

/** Silence from now on is death after so long, and not before. */
function expectDeathAfter(ms: number, onSilent: () => void): void {
  vi.advanceTimersByTime(ms - 1);
  expect(onSilent).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(onSilent).toHaveBeenCalledTimes(1);
}

test("a line without a byte is dead at the deadline, not before", () => {
  const { onSilent } = watch();
  expectDeathAfter(10_000, onSilent);
  expect(vi.getTimerCount()).toBe(0);
});

test("any byte moves the deadline", () => {
  const { liveness, onSilent } = watch();
  vi.advanceTimersByTime(9000);
  liveness.alive();
  expectDeathAfter(10_000, onSilent);
});

test("a timer that fires late gives waiting bytes a moment before it judges", () => {
  const { liveness, onSilent } = watch();
  const slept = Date.now() + 60_000;
  vi.setSystemTime(slept); // the machine slept: the clock jumped, the timer did not fire
  vi.advanceTimersByTime(10_000);
  expect(onSilent).not.toHaveBeenCalled();
  liveness.alive();
  vi.advanceTimersByTime(1000);
  expect(onSilent).not.toHaveBeenCalled();
});

test("after a sleep, silence is noticed within a second", () => {
  const { onSilent } = watch();
  vi.setSystemTime(Date.now() + 60_000);
  vi.advanceTimersByTime(11_000);
  expect(onSilent).toHaveBeenCalledTimes(1);
});

test("a quiet line is pinged, and an answer in time keeps it", () => {
  const ping = vi.fn();
  const { liveness, onSilent } = watch({ ping });
  vi.advanceTimersByTime(5000);
  expect(ping).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(2000);
  liveness.alive();
  vi.advanceTimersByTime(1000);
  expect(onSilent).not.toHaveBeenCalled();
  vi.advanceTimersByTime(4000);
  expect(ping).toHaveBeenCalledTimes(2);
});

test("a ping without an answer is death at its own deadline", () => {
  const { onSilent } = watch({ ping: () => {} });
  vi.advanceTimersByTime(8000);
  expect(onSilent).toHaveBeenCalledTimes(1);
});

test("waking pings at once where there is a ping", () => {
  const ping = vi.fn();
  const { liveness, onSilent } = watch({ ping, pingMs: 25_000 });
  liveness.wake();
  expect(ping).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(3000);
  expect(onSilent).toHaveBeenCalledTimes(1);
});

test("waking after long silence does not trust a line that cannot be pinged", () => {
  const { liveness, onSilent } = watch({ silenceMs: undefined });
  vi.advanceTimersByTime(59_000);
  liveness.wake();
  vi.advanceTimersByTime(1000);
  expect(onSilent).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1000);
  liveness.wake();
  vi.advanceTimersByTime(1000);
  expect(onSilent).toHaveBeenCalledTimes(1);
});

/** So many chunks in one millisecond that the clock rests. */
function storm(liveness: Liveness): void {
  for (let chunk = 0; chunk < 1000; chunk++) liveness.alive();
}

test("the clock is not read for each chunk of a storm", () => {
  const now = vi.fn(systemClock.now);
  const { liveness } = watch({ clock: { ...systemClock, now } });
  for (let ms = 0; ms < 500; ms++) {
    vi.advanceTimersByTime(1);
    storm(liveness);
  }
  expect(now.mock.calls.length).toBeLessThan(200);
});

test("a busy line that falls silent is dead at most a second late, and never early", () => {
  const { liveness, onSilent } = watch();
  vi.advanceTimersByTime(500);
  storm(liveness);
  vi.advanceTimersByTime(900);
  liveness.alive(); // nobody noted when: it counts as of the end of the second
  expectDeathAfter(10_100, onSilent);
});

test("a line that was busy is judged to the millisecond again", () => {
  const { liveness, onSilent } = watch();
  storm(liveness);
  vi.advanceTimersByTime(5000);
  liveness.alive();
  expectDeathAfter(10_000, onSilent);
});

test("a line that brings much, but not at once, is judged to the millisecond", () => {
  const { liveness, onSilent } = watch();
  for (let chunk = 0; chunk < 250; chunk++) {
    vi.advanceTimersByTime(2);
    liveness.alive();
  }
  expectDeathAfter(10_000, onSilent);
});

test("a line that stays busy stays", () => {
  const { liveness, onSilent } = watch();
  for (let seconds = 0; seconds < 60; seconds++) {
    vi.advanceTimersByTime(999);
    storm(liveness);
  }
  expect(onSilent).not.toHaveBeenCalled();
});

test("a machine that slept while a line was busy notices its silence within a second", () => {
  const { liveness, onSilent } = watch();
  storm(liveness);
  vi.setSystemTime(Date.now() + 60_000);
  vi.advanceTimersByTime(1000); // the busy second is over, a minute late: the line is doubted
  expect(onSilent).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1000);
  expect(onSilent).toHaveBeenCalledTimes(1);
});

test("an answer to a doubt counts, however busy the line is", () => {
  const { liveness, onSilent } = watch({ ping: () => {} });
  storm(liveness);
  liveness.wake();
  storm(liveness);
  vi.advanceTimersByTime(3500);
  expect(onSilent).not.toHaveBeenCalled();
});

test("where silence is not death, a page that wakes counts it from the busy second on", () => {
  const { liveness, onSilent } = watch({ silenceMs: undefined });
  storm(liveness);
  vi.advanceTimersByTime(60_000);
  liveness.wake();
  vi.advanceTimersByTime(5000);
  expect(onSilent).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});

test("nothing is left after stop in a busy second, and what comes late begins none", () => {
  const { liveness } = watch();
  storm(liveness);
  liveness.stop();
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(1);
  storm(liveness);
  expect(vi.getTimerCount()).toBe(0);
});

test("a line that was stopped before it was busy begins nothing either", () => {
  const { liveness } = watch();
  liveness.stop();
  storm(liveness);
  expect(vi.getTimerCount()).toBe(0);
});

test("nothing is left after stop", () => {
  const { liveness, onSilent } = watch();
  liveness.stop();
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(60_000);
  expect(onSilent).not.toHaveBeenCalled();
});
