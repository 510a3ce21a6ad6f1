import { setTimeout as wait } from "node:timers/promises";
import { type Contender, reconnecting } from "../clients/contenders.ts";
import { median, quantile } from "../statistics.ts";
import type { Accepted } from "./server.ts";
import { simulatedStorm } from "./simulated.ts";
import { Stage } from "./stage.ts";

export interface StormOptions {
  readonly rounds: number;
  readonly clients: number;
  readonly only: (name: string) => boolean;
}

/** One row: medians over the rounds. */
export interface StormRow {
  readonly name: string;
  /** Most connections accepted in one tenth of a second, counted from the cut; and in any 100 ms. */
  readonly peak: number;
  readonly slidingPeak: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** Connections accepted per client; and the most that one client made, in any round. */
  readonly perClient: number;
  readonly mostPerClient: number;
  /** The longest that the clients' process was kept from its work, in any round. */
  readonly lagMs: number;
}

const WINDOW_MS = 100;
/** Storms in simulated time cost next to nothing. */
const SIMULATED_ROUNDS = 101;
const TIMEOUT_MS = 60_000;
/** So long after the first storm every client has forgotten it: ours does after ten seconds on an open line. */
const HEALTHY_MS = 12_000;
/** Garbage is collected before the storm rather than in it, where there is room for all that it leaves. */
const ROOM = ["--expose-gc", "--min-semi-space-size=64", "--max-semi-space-size=64"];
const LEAN_SOCKETS = ["--import", new URL("./lean-sockets.ts", import.meta.url).href];
/** Watched on after the last one is back: a client that dials twice does so late. */
const AFTERMATH_MS = 2000;

/** One row of the table before it is measured: clients, and the Node that they run in. */
interface Lane {
  readonly contender: Contender;
  readonly name: string;
  readonly execArgv: string[];
}

/** All clients are cut at one moment by a server that takes them back at once. */
export async function storm(options: StormOptions): Promise<StormRow[]> {
  const lanes = lanesOf(reconnecting.filter(({ name, wire }) => options.only(`${wire}, ${name}`)));
  const taken = lanes.map((): StormRow[] => []);
  for (let round = 0; round < options.rounds; round++) {
    for (const [index, lane] of lanes.entries()) taken[index]?.push(await once(lane, options.clients));
    console.error(`storm: round ${round + 1} of ${options.rounds}`);
  }
  return [...taken.map(overRounds), ...(options.only("tidewire") ? [simulated(options.clients)] : [])];
}

/** Everybody by lean sockets; ours by Node's own, too, to show what those add. */
function lanesOf(contenders: readonly Contender[]): Lane[] {
  return contenders.flatMap((contender) => {
    const name = `${contender.name} (${contender.wire})`;
    const lean: Lane = { contender, name, execArgv: [...ROOM, ...LEAN_SOCKETS] };
    const own: Lane = { contender, name: `${name}, by Node's own sockets`, execArgv: ROOM };
    return contender.name === "tidewire" ? [lean, own] : [lean];
  });
}

function simulated(clients: number): StormRow {
  const name = "tidewire, in simulated time";
  const rounds = Array.from({ length: SIMULATED_ROUNDS }, () => judge(simulatedStorm(clients), 0, clients));
  return overRounds(rounds.map((round) => ({ name, lagMs: 0, ...round })));
}

async function once({ contender, name, execArgv }: Lane, clients: number): Promise<StormRow> {
  const stage = await Stage.open(contender, clients, execArgv);
  try {
    // Code that never ran keeps a thousand others waiting: the first storm is for the compiler.
    await stage.cut(TIMEOUT_MS);
    await wait(HEALTHY_MS);
    await stage.collect();
    const { cutAt, lagMs } = await stage.cut(TIMEOUT_MS);
    await wait(AFTERMATH_MS);
    const accepted = await stage.accepted();
    return { name, lagMs, ...judge(accepted, cutAt, clients) };
  } finally {
    await stage.close();
  }
}

function judge(accepted: readonly Accepted[], cutAt: number, clients: number): Omit<StormRow, "name" | "lagMs"> {
  const after = accepted.map(([, at]) => at - cutAt);
  const windows = counts(after.map((at) => Math.floor(at / WINDOW_MS)));
  const perClient = counts(accepted.map(([client]) => client));
  // Told in the order they came, so the last to be set, read from the end, is the first of its client.
  const firstBack = [...new Map(accepted.toReversed()).values()].map((at) => at - cutAt);
  return {
    peak: Math.max(...windows.values()),
    slidingPeak: Math.max(...after.map((from) => after.filter((at) => at >= from && at < from + WINDOW_MS).length)),
    p50Ms: quantile(firstBack, 0.5),
    p95Ms: quantile(firstBack, 0.95),
    perClient: accepted.length / clients,
    mostPerClient: Math.max(...perClient.values()),
  };
}

function counts<T>(values: readonly T[]): Map<T, number> {
  const result = new Map<T, number>();
  for (const value of values) result.set(value, (result.get(value) ?? 0) + 1);
  return result;
}

function overRounds(rows: readonly StormRow[]): StormRow {
  const of = (pick: (row: StormRow) => number): number => median(rows.map(pick));
  return {
    name: rows[0]?.name ?? "",
    peak: of(({ peak }) => peak),
    slidingPeak: of(({ slidingPeak }) => slidingPeak),
    p50Ms: of(({ p50Ms }) => p50Ms),
    p95Ms: of(({ p95Ms }) => p95Ms),
    perClient: Math.max(...rows.map(({ perClient }) => perClient)),
    mostPerClient: Math.max(...rows.map(({ mostPerClient }) => mostPerClient)),
    lagMs: Math.max(...rows.map(({ lagMs }) => lagMs)),
  };
}
