import { setTimeout as wait } from "node:timers/promises";
import { type Contender, reconnecting } from "../clients/contenders.ts";
import { quantile } from "../statistics.ts";
import { Stage } from "./stage.ts";

export interface ReconnectOptions {
  readonly rounds: number;
  /** Clients in each process. */
  readonly clients: number;
  readonly downMs: readonly number[];
  readonly only: (name: string) => boolean;
}

/** One row: how long after the server listened again its clients were open, in milliseconds. */
export interface ReconnectRow {
  readonly name: string;
  readonly clients: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly maxMs: number;
  /** The longest that the clients' process was kept from its work. */
  readonly lagMs: number;
}

export interface ReconnectTable {
  readonly downMs: number;
  readonly rows: readonly ReconnectRow[];
}

interface Back {
  readonly times: readonly number[];
  readonly lagMs: number;
}

/** The lanes run side by side, this far apart, so that no two servers come back together. */
const APART_MS = 3000;
/** Longer than any contender's longest wait. */
const TIMEOUT_MS = 60_000;

/** How long clients take to come back after their server was down. */
export async function reconnect(options: ReconnectOptions): Promise<ReconnectTable[]> {
  const lanes = reconnecting.filter(({ name, wire }) => options.only(`${wire}, ${name}`));
  const tables: ReconnectTable[] = [];
  for (const downMs of options.downMs) {
    const rows = await Promise.all(
      lanes.map(async (contender, index) => {
        await wait(index * APART_MS);
        return row(contender, await backAfter(contender, downMs, options));
      }),
    );
    tables.push({ downMs, rows });
    console.error(`reconnect: ${downMs} ms down, done`);
  }
  return tables;
}

/** Each round has fresh clients, as a second outage would find them in other moods. */
async function backAfter(contender: Contender, downMs: number, options: ReconnectOptions): Promise<Back> {
  const times: number[] = [];
  const lags: number[] = [];
  for (let round = 0; round < options.rounds; round++) {
    const stage = await Stage.open(contender, options.clients);
    try {
      const { afterMs, lagMs } = await stage.outage(downMs, TIMEOUT_MS);
      times.push(...afterMs);
      lags.push(lagMs);
    } finally {
      await stage.close();
    }
  }
  return { times, lagMs: Math.max(...lags) };
}

function row({ name, wire }: Contender, { times, lagMs }: Back): ReconnectRow {
  return {
    name: `${name} (${wire})`,
    clients: times.length,
    p50Ms: quantile(times, 0.5),
    p95Ms: quantile(times, 0.95),
    maxMs: quantile(times, 1),
    lagMs,
  };
}
