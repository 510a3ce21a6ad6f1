import type { FanoutRow, FanoutTable } from "../fanout/bench.ts";
import type { IdleRow } from "../idle/bench.ts";
import type { LedgerRow } from "../ledger/bench.ts";
import type { ReplayRow } from "../replay/bench.ts";
import type { StaysRow } from "../stays/bench.ts";
import { table } from "./text.ts";

const named = (name: string): string => (name.startsWith("tidewire") ? `**${name}**` : name);
const seconds = (ms: number | undefined): string =>
  ms === undefined || !Number.isFinite(ms) ? "–" : (ms / 1000).toFixed(2);

export function fanoutText(tables: readonly FanoutTable[]): string {
  const row = (of: FanoutRow): string[] => [
    named(of.name),
    of.singleUs.toFixed(2),
    of.singleRatio.toFixed(2),
    of.burstUs.toFixed(2),
    of.burstRatio.toFixed(3),
    of.saturatedUs.toFixed(2),
    of.saturatedPerSecond.toFixed(0),
    of.p50Ms.toFixed(1),
    of.p99Ms.toFixed(1),
  ];
  return tables
    .map(({ over, readers, rows }) =>
      table(
        [
          `${over}, ${readers} readers: µs per delivery`,
          "single",
          "× control",
          "burst of 10",
          "× control",
          "saturated",
          "messages/s",
          "p50 ms",
          "p99 ms",
        ],
        rows.map(row),
      ),
    )
    .join("\n\n");
}

export function idleText(rows: readonly IdleRow[]): string {
  return table(
    ["KiB per idle connection", "over", "resident", "of it heap", "of it an empty nursery", "resident, nursery bound"],
    rows.map(({ name, over, rssKib, heapKib, nurseryKib, boundRssKib }) => [
      named(name),
      over,
      rssKib.toFixed(1),
      heapKib.toFixed(1),
      nurseryKib?.toFixed(1) ?? "–",
      boundRssKib?.toFixed(1) ?? "–",
    ]),
  );
}

export function replayText(rows: readonly ReplayRow[]): string {
  return table(
    ["all return at once", "over", "CPU ms", "× by hand", "until all have all, ms", "× by hand", "memory grows by MiB"],
    rows.flatMap((row) => {
      const name = row.isControl ? "by hand: one joined write" : named(row.name);
      const usual = replayCells(name, row, row);
      return row.first ? [replayCells(`${name}, its first`, row, row.first), usual] : [usual];
    }),
  );
}

function replayCells(
  name: string,
  { over }: ReplayRow,
  round: Omit<ReplayRow, "name" | "over" | "isControl">,
): string[] {
  return [
    name,
    over,
    round.cpuMs.toFixed(0),
    round.cpuRatio.toFixed(2),
    round.wallMs.toFixed(0),
    round.wallRatio.toFixed(2),
    round.grownMib.toFixed(1),
  ];
}

export function ledgerText(rows: readonly LedgerRow[]): string {
  return table(
    [
      "the books",
      "expected",
      "lost",
      "doubled",
      "reordered",
      "gaps said",
      "back after a cut, s, median",
      "95 %",
      "dead links noticed",
      "after s, median",
      "last",
      "lost to dead links",
    ],
    rows.map((row) => [
      named(row.name),
      `${row.expected}`,
      `${row.lost}`,
      `${row.doubled}`,
      `${row.reordered}`,
      `${row.gaps}`,
      seconds(row.p50Ms),
      seconds(row.p95Ms),
      `${row.noticed} of ${row.dead}`,
      seconds(row.deadP50Ms),
      seconds(row.deadMaxMs),
      `${row.lostToDead}`,
    ]),
  );
}

export function staysText(rows: readonly StaysRow[]): string {
  const pair = (before: number, after: number, digits = 0): string =>
    `${before.toFixed(digits)} → ${after.toFixed(digits)}`;
  return table(
    [
      "what a hub stands",
      "what became of it",
      "handles",
      "timers",
      "held MiB",
      "resident MiB",
      "most, MiB",
      "lines, topics, sessions after",
    ],
    rows.map(({ name, outcome, before, peakMib, after }) => [
      name,
      outcome,
      pair(before.handles, after.handles),
      pair(before.timers, after.timers),
      pair(before.heldMib, after.heldMib, 1),
      pair(before.residentMib, after.residentMib),
      peakMib.toFixed(0),
      `${after.lines}, ${after.topics}, ${after.sessions}`,
    ]),
  );
}
