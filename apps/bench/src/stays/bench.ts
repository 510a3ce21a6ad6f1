import { setTimeout as pause } from "node:timers/promises";
import type { HubContender } from "../hubs/contenders.ts";
import type { Usage } from "../hubs/server.ts";
import { HubStage } from "../hubs/stage.ts";
import { type TrialOptions, trials } from "./trials.ts";

export interface StaysOptions extends TrialOptions {
  readonly only: (name: string) => boolean;
}

/** What one trial left behind. */
export interface StaysRow {
  readonly name: string;
  readonly outcome: string;
  readonly before: Standing;
  /** The most memory while it lasted. */
  readonly peakMib: number;
  readonly after: Standing;
}

/** What a hub holds when nobody is there. */
export interface Standing {
  readonly handles: number;
  readonly heapMib: number;
  readonly rssMib: number;
  readonly lines: number;
  readonly topics: number;
  readonly sessions: number;
}

const HUB: HubContender = { name: "tidewire.v1", over: "WebSocket", file: "tidewire", wire: "tidewire-ws" };
/** The hub's own default, because the hub sweeps at its beat. */
const HEARTBEAT_MS = 10_000;
/** Sessions are remembered for a minute, idle topics for an hour. */
const LONG_MS = 2 * 3_600_000;

/** One hub in one process goes through all trials; after each it should stand as it did before the first. */
export async function stays(options: StaysOptions): Promise<StaysRow[]> {
  const stage = await HubStage.open(HUB, { heartbeatMs: HEARTBEAT_MS });
  const rows: StaysRow[] = [];
  try {
    // What is only allocated once is no trial's doing.
    await stage.read(200);
    await stage.hangUp();
    let before = await rest(stage);
    for (const trial of trials.filter(({ name }) => options.only(name))) {
      const { outcome, peers } = await trial.run(stage, options);
      const { peakBytes } = await stage.usage();
      for (const peer of peers) peer.hangUp();
      await stage.hangUp();
      const after = await rest(stage);
      rows.push({ name: trial.name, outcome, before, peakMib: peakBytes / 2 ** 20, after });
      before = after;
      console.error(`stays: ${trial.name}: ${outcome}`);
    }
    return rows;
  } finally {
    await stage.close();
  }
}

/** Waits until everybody is gone, lets the hub's clock go by, and lets it sweep. */
async function rest(stage: HubStage): Promise<Standing> {
  await waitFor(stage, ({ stats }) => stats["lines"] === 0);
  await stage.pass(LONG_MS);
  await stage.read(1); // the hub beats while there is a line
  await waitFor(stage, ({ stats }) => (stats["sessions"] ?? 0) <= 1);
  await stage.hangUp();
  await waitFor(stage, ({ stats }) => stats["lines"] === 0);
  const { handles, heapBytes, rssBytes, stats } = await stage.usage({ collect: true, fromHere: true });
  return {
    handles,
    heapMib: heapBytes / 2 ** 20,
    rssMib: rssBytes / 2 ** 20,
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
