import type { AlignedData } from "uplot";
import { CHART_READINGS, TELEMETRY_EVERY_MS, type Telemetry } from "../telemetry.ts";

/** How much of the past a chart shows, in seconds. */
export const CHART_SECONDS = (CHART_READINGS * TELEMETRY_EVERY_MS) / 1000;

/** So long without a reading breaks the lines: nothing is known of that time. In milliseconds. */
const BREAK_MS = 6 * TELEMETRY_EVERY_MS;

/** CPU and memory, in per cent over time in seconds. */
export function usage(readings: readonly Telemetry[]): AlignedData {
  return columns(
    readings,
    ({ cpu }) => cpu,
    ({ memory }) => (100 * memory.used) / memory.total,
  );
}

/** Received and sent, in bytes per second over time in seconds. */
export function traffic(readings: readonly Telemetry[]): AlignedData {
  return columns(
    readings,
    ({ network }) => network.received,
    ({ network }) => network.sent,
  );
}

function columns(readings: readonly Telemetry[], ...lines: ((reading: Telemetry) => number)[]): AlignedData {
  const points = readings.flatMap((reading, index) => {
    const before = readings[index - 1];
    const isBroken = before !== undefined && reading.at - before.at > BREAK_MS;
    return isBroken
      ? [
          { at: before.at + 1, reading: undefined },
          { at: reading.at, reading },
        ]
      : [{ at: reading.at, reading }];
  });
  return [
    points.map(({ at }) => at / 1000),
    ...lines.map((height) => points.map(({ reading }) => (reading ? height(reading) : null))),
  ];
}

/** The window that ends with the newest reading, whatever the clock of the page says. */
export function lastMinute(newest: number | null | undefined): [number, number] {
  const end = newest ?? 0;
  return [end - CHART_SECONDS, end];
}

/** A top for the traffic that leaves some air, and does not jump about when next to nothing is sent. */
export function trafficTop(highest: number | null | undefined): number {
  const floor = 1000;
  const wanted = Math.max(highest ?? 0, floor);
  const magnitude = 10 ** Math.floor(Math.log10(wanted));
  const step = [1, 2, 5, 10].find((factor) => factor * magnitude >= wanted) ?? 10;
  return step * magnitude;
}
