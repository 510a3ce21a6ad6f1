import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "./clock.ts";
import { type Liveness, type LivenessOptions, watchLiveness } from "./liveness.ts";
import { createRhythm } from "./rhythm.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
});

function watch(options: Partial<LivenessOptions> = {}) {
  const onSilent = vi.fn();
  const liveness = watchLiveness({
    clock: systemClock,
    silenceMs: 10_000,
    rhythm: createRhythm(),
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

/** So many signs of life, so far apart. */
function beat(liveness: Liveness, times: number, everyMs: number, isHeartbeat = false): void {
  for (let beats = 0; beats < times; beats++) {
    vi.advanceTimersByTime(everyMs);
    liveness.alive();
    if (isHeartbeat) liveness.alive(true);
  }
}

const learning = { silenceMs: undefined };

test("by default a line that never showed a rhythm is left alone", () => {
  const { liveness, onSilent } = watch(learning);
  vi.advanceTimersByTime(3_600_000);
  expect(onSilent).not.toHaveBeenCalled();
  liveness.stop();
  expect(vi.getTimerCount()).toBe(0);
});

test.each([
  ["two heartbeats of 15 s", 2, 15_000, true, 45_000],
  ["two heartbeats of 40 s", 2, 40_000, true, 60_000],
  ["heartbeats of a second", 2, 1000, true, 45_000],
  ["messages every other minute", 4, 120_000, false, 180_000],
  ["messages five times a second", 60, 200, false, 45_000],
] as const)("%s are a rhythm", (_what, times, everyMs, isHeartbeat, limitMs) => {
  const { liveness, onSilent } = watch(learning);
  beat(liveness, times, everyMs, isHeartbeat);
  expectDeathAfter(limitMs, onSilent);
});

test.each([
  ["one comment at the beginning is", 1, 10, true],
  ["a burst is", 500, 1, false],
  ["three messages are", 3, 15_000, false],
  ["messages every quarter of an hour are", 20, 900_000, false],
] as const)("%s none", (_what, times, everyMs, isHeartbeat) => {
  const { liveness, onSilent } = watch(learning);
  beat(liveness, times, everyMs, isHeartbeat);
  vi.advanceTimersByTime(3_600_000);
  expect(onSilent).not.toHaveBeenCalled();
});

test("messages that come when they come are no rhythm", () => {
  const { liveness, onSilent } = watch(learning);
  for (const seconds of [10, 70, 5, 200, 30, 2, 90, 14, 65, 33, 8, 240]) beat(liveness, 1, seconds * 1000);
  vi.advanceTimersByTime(3_600_000);
  expect(onSilent).not.toHaveBeenCalled();
});

test("heartbeats are a rhythm however many messages come between them", () => {
  const { liveness, onSilent } = watch(learning);
  for (const seconds of [4, 3, 7, 2, 6]) {
    beat(liveness, 1, seconds * 1000);
    beat(liveness, 1, (15 - seconds) * 1000, true);
  }
  expectDeathAfter(45_000, onSilent);
});

test("a silence longer than the rhythm counts for as long as it is remembered", () => {
  const { liveness, onSilent } = watch(learning);
  beat(liveness, 4, 15_000, true);
  beat(liveness, 1, 44_000, true);
  beat(liveness, 8, 15_000, true);
  expectDeathAfter(45_000, onSilent);
});

test("after a line was given up, the next has twice the time until a heartbeat comes", () => {
  const rhythm = createRhythm();
  const first = watch({ ...learning, rhythm });
  beat(first.liveness, 4, 10_000);
  expectDeathAfter(45_000, first.onSilent);
  rhythm.missed();
  const second = watch({ ...learning, rhythm });
  expectDeathAfter(90_000, second.onSilent);
  rhythm.missed();
  const third = watch({ ...learning, rhythm });
  beat(third.liveness, 1, 15_000, true);
  beat(third.liveness, 1, 15_000, true);
  expectDeathAfter(45_000, third.onSilent);
});

test("a rhythm that was never right is given up", () => {
  const rhythm = createRhythm();
  const line = watch({ ...learning, rhythm });
  beat(line.liveness, 8, 10_000);
  for (let misses = 0; misses < 5; misses++) rhythm.missed();
  vi.advanceTimersByTime(3_600_000);
  expect(line.onSilent).not.toHaveBeenCalled();
});

test("a line without a rhythm is asked at once when the network comes back, and after a minute when the page wakes", () => {
  const { liveness, onSilent } = watch(learning);
  vi.advanceTimersByTime(30_000);
  liveness.wake();
  vi.advanceTimersByTime(2000);
  expect(onSilent).not.toHaveBeenCalled();
  liveness.wake(true);
  liveness.alive();
  vi.advanceTimersByTime(2000);
  expect(onSilent).not.toHaveBeenCalled();
  liveness.wake(true);
  expectDeathAfter(1000, onSilent);
});

test("a line without a rhythm is asked after the machine slept, and not when a hidden page's timers are held back", () => {
  const { onSilent } = watch(learning);
  vi.setSystemTime(Date.now() + 60_000);
  vi.advanceTimersByTime(50_000);
  expect(onSilent).not.toHaveBeenCalled();
  vi.setSystemTime(Date.now() + 600_000);
  vi.advanceTimersByTime(46_000);
  expect(onSilent).toHaveBeenCalledTimes(1);
});

test("an explicit limit is not unlearned", () => {
  const { liveness, onSilent } = watch({ silenceMs: 10_000 });
  beat(liveness, 20, 9000, true);
  expectDeathAfter(10_000, onSilent);
});
