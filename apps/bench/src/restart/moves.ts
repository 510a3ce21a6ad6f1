import type { Happened } from "../../../../packages/conformance/src/hub/hub-process.ts";
import { quantile } from "../statistics.ts";

/** How the lines of one node went to the other. */
export interface Moves {
  readonly lines: number;
  /** Lines that the other node opened meanwhile, for each line of this one. */
  readonly openedPerLine: number;
  /** Lines that left by themselves, before the node hung up. */
  readonly left: number;
  /** Most lines opened in one tenth of a second, counted from the signal. */
  readonly peak: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly lastMs: number;
  /** From the signal until the process was gone. */
  readonly exitMs: number;
}

const WINDOW_MS = 100;

/** Reads the moves out of what both nodes told while one of them was ending. */
export function movesOf(leaving: readonly Happened[], taking: readonly Happened[], exitMs: number): Moves {
  const at = (name: string) => leaving.find(({ event }) => event.name === name);
  const started = at("tidewire.drain.started");
  const linesOf = (happened: Happened | undefined): number =>
    happened && "lines" in happened.event ? happened.event.lines : Number.NaN;
  const lines = linesOf(started);
  const after = taking
    .filter(({ event }) => event.name === "tidewire.line.opened")
    .map((opened) => opened.at - (started?.at ?? Number.NaN));
  const windows = new Map<number, number>();
  for (const ms of after) {
    const window = Math.floor(ms / WINDOW_MS);
    windows.set(window, (windows.get(window) ?? 0) + 1);
  }
  return {
    lines,
    openedPerLine: after.length / lines,
    left: linesOf(at("tidewire.drain.done")),
    peak: Math.max(...windows.values()),
    p50Ms: quantile(after, 0.5),
    p95Ms: quantile(after, 0.95),
    lastMs: quantile(after, 1),
    exitMs,
  };
}
