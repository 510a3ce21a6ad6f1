import type { IngestTable } from "../ingest/bench.ts";
import type { ReconnectTable } from "../outage/reconnect.ts";
import type { StormRow } from "../outage/storm.ts";

/** A markdown table; every column but the first is of numbers. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, column) => (column === 0 ? "---" : "---:"));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}

const micro = (us: number): string => us.toFixed(2);
const seconds = (ms: number): string => (ms / 1000).toFixed(2);

export function ingestText(tables: readonly IngestTable[]): string {
  const head = (name: string): string[] => [
    name,
    "CPU µs/message",
    "× native",
    "calmest",
    "× native",
    "heap B/message",
    "other B/message",
  ];
  return tables
    .map(({ name, rows }) =>
      table(
        head(name),
        rows.map((row) => [
          row.name === "tidewire" ? "**tidewire**" : row.name,
          micro(row.cpuUs),
          row.ratio.toFixed(2),
          micro(row.bestUs),
          row.bestRatio.toFixed(2),
          row.heapBytes?.toFixed(0) ?? "–",
          row.externalBytes?.toFixed(0) ?? "–",
        ]),
      ),
    )
    .join("\n\n");
}

export function reconnectText(tables: readonly ReconnectTable[]): string {
  return tables
    .map(({ downMs, rows }) =>
      table(
        [`${downMs / 1000} s down: seconds until open again`, "median", "95 %", "last", "worst lag"],
        rows.map((row) => [row.name, ...[row.p50Ms, row.p95Ms, row.maxMs, row.lagMs].map(seconds)]),
      ),
    )
    .join("\n\n");
}

export function stormText(rows: readonly StormRow[]): string {
  return table(
    ["all cut at once", "peak per 100 ms", "median s", "95 % s", "connects per client", "most by one", "worst lag s"],
    rows.map((row) => [
      row.name,
      `${row.peak}`,
      seconds(row.p50Ms),
      seconds(row.p95Ms),
      row.perClient.toFixed(3),
      `${row.mostPerClient}`,
      seconds(row.lagMs),
    ]),
  );
}
