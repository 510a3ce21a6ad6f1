import { expect, test } from "vitest";
import { lastMinute, trafficTop, usage } from "./chart/series.ts";
import { ANY_KEPT, ANY_LENGTH, foldAny, foldTelemetry, noMessages, noReadings } from "./fold.ts";
import { CHART_READINGS, type Telemetry } from "./telemetry.ts";

const reading = (at: number): Telemetry => ({
  at,
  cpu: 12.5,
  cores: [10, 15],
  memory: { used: 1, total: 4 },
  network: { received: 100, sent: 50 },
  load: 0.5,
});

test("the count of readings goes on when the oldest reading leaves the chart", () => {
  let machine = noReadings;
  for (let n = 0; n < CHART_READINGS + 10; n += 1) machine = foldTelemetry(machine, reading(n * 250));
  expect(machine.count).toBe(CHART_READINGS + 10);
  expect(machine.readings).toHaveLength(CHART_READINGS);
  expect(machine.readings[0]?.at).toBe(10 * 250);
});

test("the chart shows per cent over seconds, in a window that ends with the newest reading", () => {
  expect(usage([reading(1000)])).toEqual([[1], [12.5], [25]]);
  expect(lastMinute(100)).toEqual([40, 100]);
});

test("a time without readings is drawn as a gap, not as a line", () => {
  const [times, cpu] = usage([reading(1000), reading(1250), reading(9000)]);
  expect(times).toEqual([1, 1.25, 1.251, 9]);
  expect(cpu).toEqual([12.5, 12.5, null, 12.5]);
});

test("the top of the traffic is a round number above the highest", () => {
  expect([null, 10, 1_001, 4_999, 5_001, 1_000_000].map(trafficTop)).toEqual([
    1000, 1000, 2000, 5000, 10_000, 1_000_000,
  ]);
});

test("messages from any endpoint are bounded in number and in length, newest first", () => {
  let messages = noMessages;
  for (let n = 1; n <= ANY_KEPT + 3; n += 1) messages = foldAny(messages, `message ${n}`);
  expect(messages).toHaveLength(ANY_KEPT);
  expect(messages[0]).toEqual({ key: ANY_KEPT + 3, text: `message ${ANY_KEPT + 3}` });
  expect(foldAny([], "x".repeat(ANY_LENGTH + 1))[0]?.text).toBe(`${"x".repeat(ANY_LENGTH)}…`);
});
