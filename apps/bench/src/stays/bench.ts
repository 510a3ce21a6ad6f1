import { setTimeout as pause } from "node:timers/promises";
import type { HubContender } from "../hubs/contenders.ts";
import type { Usage } from "../hubs/server.ts";
import { HubStage } from "../hubs/stage.ts";
import { type Trial, type TrialOptions, trials } from "./trials.ts";

export interface StaysOptions extends TrialOptions {
  readonly only: (name: string) => boolean;
}

/** What one trial left behind. */
export interface StaysRow {
  readonly name: string;
  readonly outcome: string;
  readonly before: Standing;
  /** The most resident memory while it lasted. */
  readonly peakMib: number;
  readonly after: Standing;
}

/** What a hub holds when nobody is there. */
export interface Standing {
  /** Open file descriptors. */
  readonly handles: number;
  readonly timers: number;
  /** What is reachable after collecting: objects, and the buffers that they hold outside of the heap. */
  readonly heldMib: number;
  /** What the system says, with what V8 and malloc keep for later. */
  readonly residentMib: number;
  readonly lines: number;
  readonly topics: number;
  readonly sessions: number;
}

const HUB: HubContender = { name: "tidewire.v1", over: "WebSocket", file: "tidewire", wire: "tidewire-ws" };
/** An empty nursery stays resident, also after it shrank, and grows with the pace of allocation: as large as it may, it would hide a leak. */
const SMALL_NURSERY = "--max-semi-space-size=2";
/** The hub's own default, because the hub sweeps at its beat. */
const HEARTBEAT_MS = 10_000;
/** Sessions are remembered for a minute, idle topics for an hour. */
const LONG_MS = 2 * 3_600_000;
const MIB = 2 ** 20;

/**
 * One hub in one process goes through all trials, twice. The first time shows what they leave behind once, whoever does it: compiled
 * code, tables and the allocators' pools at their largest. The second time the hub should stand after each as it did before.
 */
export async function stays(options: StaysOptions): Promise<StaysRow[]> {
  const stage = await HubStage.open(HUB, { heartbeatMs: HEARTBEAT_MS, flags: [SMALL_NURSERY] });
  const chosen = trials.filter(({ name }) => options.only(name));
  const all: Trial["run"] = async (...given) => {
    for (const trial of chosen) await undergo(trial, ...given);
    return { outcome: "–", peers: [] };
  };
  const rows: StaysRow[] = [];
  try {
    let before = await rest(stage);
    for (const trial of [{ name: "all of it, the first time", run: all }, ...chosen]) {
      const { outcome, peakMib } = await undergo(trial, stage, options);
      const after = await rest(stage);
      rows.push({ name: trial.name, outcome, before, peakMib, after });
      before = after;
      console.error(`stays: ${trial.name}: ${outcome}`);
    }
    return rows;
  } finally {
    await stage.close();
  }
}

/** Gives what became of it, and the most memory, when everybody is gone. */
async function undergo(
  trial: Trial,
  stage: HubStage,
  options: TrialOptions,
): Promise<{ readonly outcome: string; readonly peakMib: number }> {
  const { outcome, peers } = await trial.run(stage, options);
  const { peakBytes } = await stage.usage();
  for (const peer of peers) peer.hangUp();
  await stage.hangUp();
  await waitFor(stage, ({ stats }) => stats["lines"] === 0);
  return { outcome, peakMib: peakBytes / MIB };
}

/** Lets the hub's clock go by, and lets it sweep. */
async function rest(stage: HubStage): Promise<Standing> {
  await stage.pass(LONG_MS);
  await stage.read(1); // the hub beats while there is a line
  await waitFor(stage, ({ stats }) => (stats["sessions"] ?? 0) <= 1);
  await stage.hangUp();
  await waitFor(stage, ({ stats }) => stats["lines"] === 0);
  const usage = await stage.usage({ collect: true, fromHere: true });
  const { handles, timers, stats } = usage;
  return {
    handles,
    timers,
    heldMib: (usage.heapBytes + usage.externalBytes) / MIB,
    residentMib: usage.rssBytes / MIB,
    lines: stats["lines"] ?? 0,
    topics: stats["topics"] ?? 0,
    sessions: stats["sessions"] ?? 0,
  };
}

/** In vain for long: then it did not come, and the figures say so. */
async function waitFor(stage: HubStage, isSo: (usage: Usage) => boolean): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (isSo(await stage.usage())) return;
    await pause(100);
  }
}
