// pnpm bench [ingest|reconnect|storm|render|page|fanout|idle|replay|compress|ledger|restart|stays …] [--rounds n] [--count n] [--clients n] [--seconds n] [--only text]
//   [--quick] [--keep] [--save]
import os from "node:os";
import { parseArgs } from "node:util";
import { hubBenchmarks, type Outcome } from "./hubs/benchmarks.ts";
import type { IngestTable } from "./ingest/bench.ts";
import { install } from "./install.ts";
import type { ReconnectTable } from "./outage/reconnect.ts";
import type { StormRow } from "./outage/storm.ts";
import type { HubPageRow } from "./page/bench.ts";
import type { RenderTable } from "./render/bench.ts";
import { conditions } from "./report/conditions.ts";
import { pageText, renderText } from "./report/page-text.ts";
import { writeReadme } from "./report/readme.ts";
import { save } from "./report/results.ts";
import { ingestText, reconnectText, stormText } from "./report/text.ts";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string" },
    count: { type: "string" },
    clients: { type: "string" },
    seconds: { type: "string" },
    only: { type: "string", default: "" },
    quick: { type: "boolean", default: false },
    keep: { type: "boolean", default: false },
    save: { type: "boolean", default: false },
  },
});

/** A smaller run is to look at, unless it is told to be kept. */
const isKept = flags.keep || flags.save || process.argv.slice(2).every((argument) => !argument.startsWith("--"));
const number = (given: string | undefined, full: number, quick: number): number =>
  given === undefined ? (flags.quick ? quick : full) : Number(given);
const only = (name: string): boolean => name.includes(flags.only);

/** Each benchmark: measures, and gives what is kept and how it reads. */
const benchmarks: Record<string, () => Promise<Outcome>> = {
  async ingest() {
    const { ingest } = await import("./ingest/bench.ts");
    const count = number(flags.count, 300_000, 60_000);
    const rounds = number(flags.rounds, 5, 1);
    const data: IngestTable[] = await ingest({ rounds, count, only });
    return { amount: `${rounds} rounds of ${count} messages`, data, text: ingestText(data) };
  },
  async reconnect() {
    const { reconnect } = await import("./outage/reconnect.ts");
    const clients = number(flags.clients, 200, 50);
    const downMs = flags.quick ? [500, 5000] : [500, 5000, 30_000];
    const rounds = number(flags.rounds, 2, 1);
    const data: ReconnectTable[] = await reconnect({ rounds, clients, downMs, only });
    return { amount: `${rounds} rounds of ${clients} clients`, data, text: reconnectText(data) };
  },
  async storm() {
    const { storm } = await import("./outage/storm.ts");
    const clients = number(flags.clients, 2000, 500);
    const rounds = number(flags.rounds, 5, 1);
    const data: StormRow[] = await storm({ rounds, clients, only });
    return { amount: `${rounds} rounds of ${clients} clients`, data, text: stormText(data) };
  },
  async render() {
    const { render } = await import("./render/bench.ts");
    const seconds = number(flags.seconds, 5, 1);
    const rounds = number(flags.rounds, 1, 1);
    const data: RenderTable[] = await render({ rounds, seconds, only });
    return { amount: `${rounds} × ${seconds} s`, data, text: renderText(data) };
  },
  async page() {
    const { page } = await import("./page/bench.ts");
    const seconds = number(flags.seconds, 3, 1);
    const rounds = number(flags.rounds, 5, 1);
    const data: HubPageRow[] = await page({ rounds, seconds, rate: 20_000, only });
    return { amount: `${rounds} × ${seconds} s of 20 000 msg/s`, data, text: pageText(data) };
  },
  ...hubBenchmarks({ rounds: flags.rounds, clients: flags.clients, number, quick: flags.quick, only }),
};

const names = positionals.length > 0 ? positionals : Object.keys(benchmarks);
const unknown = names.filter((name) => !Object.hasOwn(benchmarks, name) && name !== "readme");
if (unknown.length > 0) {
  console.error(`No benchmark "${unknown.join('", "')}": there are ${Object.keys(benchmarks).join(", ")}.`);
  process.exit(1);
}
install();
for (const name of names) {
  const run = benchmarks[name];
  if (run === undefined) continue;
  const before = conditions();
  const { amount, data, text } = await run();
  console.log(`\n## ${name}\n\n${text}`);
  const load = Math.max(before.load, os.loadavg()[0] ?? 0);
  const isCalm = load <= os.availableParallelism() * 1.5; // its own processes are in it
  const isSaved = isKept && (isCalm || flags.save);
  if (isKept && !isSaved) console.log(`\nThe machine was busy (load ${load.toFixed(1)}): these figures are not kept.`);
  if (isSaved) save(name, { at: { ...before, load }, amount, data });
}
writeReadme();
