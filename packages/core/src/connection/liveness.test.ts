import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "./clock.ts";
import { type LivenessOptions, watchLiveness } from "./liveness.ts";

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

test("a line without a byte is dead at the deadline, not before", () => {
  const { onSilent } = watch();
  vi.advanceTimersByTime(9999);
  expect(onSilent).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(onSilent).toHaveBeenCalledTimes(1);
  expect(vi.getTimerCount()).toBe(0);
});

test("any byte moves the deadline", () => {
  const { liveness, onSilent } = watch();
  vi.advanceTimersByTime(9000);
  liveness.alive();
  vi.advanceTimersByTime(9999);
  expect(onSilent).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(onSilent).toHaveBeenCalledTimes(1);
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

test("nothing is left after stop", () => {
  const { liveness, onSilent } = watch();
  liveness.stop();
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(60_000);
  expect(onSilent).not.toHaveBeenCalled();
});
