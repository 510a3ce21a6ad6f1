import { readFileSync, writeFileSync } from "node:fs";
import type { CompressRow } from "../compress/bench.ts";
import type { FanoutTable } from "../fanout/bench.ts";
import type { IdleRow } from "../idle/bench.ts";
import type { IngestTable } from "../ingest/bench.ts";
import type { LedgerRow } from "../ledger/bench.ts";
import type { ReconnectTable } from "../outage/reconnect.ts";
import type { StormRow } from "../outage/storm.ts";
import type { HubPageRow } from "../page/bench.ts";
import type { RenderTable } from "../render/bench.ts";
import type { ReplayRow } from "../replay/bench.ts";
import type { RestartResult } from "../restart/bench.ts";
import type { StaysRow } from "../stays/bench.ts";
import { compressText } from "./compress-text.ts";
import { fanoutText, idleText, ledgerText, replayText, staysText } from "./hub-text.ts";
import { pageText, renderText } from "./page-text.ts";
import { restartText } from "./restart-text.ts";
import { type Result, results } from "./results.ts";
import { ingestText, reconnectText, stormText } from "./text.ts";

const file = new URL("../../README.md", import.meta.url);

/** Writes the kept figures between their markers; nothing there is written by hand. */
export function writeReadme(): void {
  const before = readFileSync(file, "utf8");
  const after = [
    ["ingest", section("ingest", (data: IngestTable[]) => ingestText(data))],
    ["reconnect", section("reconnect", (data: ReconnectTable[]) => reconnectText(data))],
    ["storm", section("storm", (data: StormRow[]) => stormText(data))],
    ["render", section("render", (data: RenderTable[]) => renderText(data))],
    ["page", section("page", (data: HubPageRow[]) => pageText(data))],
    ["fanout", section("fanout", (data: FanoutTable[]) => fanoutText(data))],
    ["idle", section("idle", (data: IdleRow[]) => idleText(data))],
    ["replay", section("replay", (data: ReplayRow[]) => replayText(data))],
    ["compress", section("compress", (data: CompressRow[]) => compressText(data))],
    ["ledger", section("ledger", (data: LedgerRow[]) => ledgerText(data))],
    ["restart", section("restart", (data: RestartResult) => restartText(data))],
    ["stays", section("stays", (data: StaysRow[]) => staysText(data))],
  ].reduce((text, [name = "", figures = ""]) => between(text, name, figures), before);
  if (after !== before) writeFileSync(file, after);
}

/** The newest run, and the one before it folded away: how far they agree is how far they can be trusted. */
function section<T>(name: string, text: (data: T) => string): string {
  const [newest, earlier] = results<T>(name);
  if (newest === undefined) return "Not measured yet.";
  const parts = [where(newest), text(newest.data)];
  if (earlier) {
    parts.push(`<details><summary>The run before</summary>`, where(earlier), text(earlier.data), "</details>");
  }
  return parts.join("\n\n");
}

function where({ at, amount }: Result): string {
  const { date, commit, machine, load, node, versions } = at;
  const peers = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `Measured ${date} UTC at ${commit}, ${amount}, Node ${node}, ${machine}, load ${load.toFixed(1)}. ${peers.join(", ")}.`;
}

function between(text: string, name: string, figures: string): string {
  const [from, to] = [`<!-- figures:${name} -->`, `<!-- /figures:${name} -->`];
  const start = text.indexOf(from);
  const end = text.indexOf(to);
  if (start < 0 || end < start) throw new Error(`README.md has lost its markers of ${name}.`);
  return `${text.slice(0, start + from.length)}\n\n${figures}\n\n${text.slice(end)}`;
}
