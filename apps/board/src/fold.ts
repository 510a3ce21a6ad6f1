import { CHART_READINGS, type Telemetry } from "./telemetry.ts";

/** What a board knows of the machine: how many readings came, and the last minute of them, oldest first. */
export interface Machine {
  readonly count: number;
  readonly readings: readonly Telemetry[];
}

export const noReadings: Machine = { count: 0, readings: [] };

/** Folds one reading in. The count goes on for ever, the readings are the last minute. */
export function foldTelemetry(machine: Machine, reading: Telemetry): Machine {
  return { count: machine.count + 1, readings: [...machine.readings, reading].slice(-CHART_READINGS) };
}

/** One message from an endpoint that the user named; `key` tells it from its equals. */
export interface AnyMessage {
  readonly key: number;
  readonly text: string;
}

/** How many messages the box for any endpoint keeps. */
export const ANY_KEPT = 100;

/** How much of one message it keeps, in characters. */
export const ANY_LENGTH = 2000;

export const noMessages: readonly AnyMessage[] = [];

/** Folds one message in, newest first, so that a busy endpoint is read at the top. */
export function foldAny(messages: readonly AnyMessage[], text: string): readonly AnyMessage[] {
  const short = text.length > ANY_LENGTH ? `${text.slice(0, ANY_LENGTH)}…` : text;
  return [{ key: (messages[0]?.key ?? 0) + 1, text: short }, ...messages].slice(0, ANY_KEPT);
}
