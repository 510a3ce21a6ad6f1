import { type Contender, contenders } from "../clients/contenders.ts";
import { end, nextMessage, start } from "../process.ts";
import { median } from "../statistics.ts";
import type { Measured, Task } from "./client.ts";
import { VARIETY } from "./messages.ts";

/** How much is measured. */
export interface IngestOptions {
  readonly rounds: number;
  /** Messages measured in each process. */
  readonly count: number;
  readonly only: (name: string) => boolean;
}

/** One table: who is compared over which stream. */
interface Scenario {
  readonly name: string;
  readonly size: number;
  readonly perChunk: number;
  readonly contenders: readonly Contender[];
}

/** One row: medians over the rounds. */
export interface IngestRow {
  readonly name: string;
  readonly isControl: boolean;
  /** CPU of the whole process per message, in microseconds. */
  readonly cpuUs: number;
  /** The median of this row's ratios to the control, each within one round. */
  readonly ratio: number;
  /** The calmest round's CPU, and its ratio to the control's calmest: what a busy machine disturbs least. */
  readonly bestUs: number;
  readonly bestRatio: number;
  readonly wallUs: number;
  /** Bytes allocated per message on the JavaScript heap, and outside of it; undefined where it could not be told. */
  readonly heapBytes: number | undefined;
  readonly externalBytes: number | undefined;
}

export interface IngestTable {
  readonly name: string;
  readonly rows: readonly IngestRow[];
}

const scenarios: readonly Scenario[] = [
  ...[100, 1000].flatMap((size) => [
    { name: `SSE, ${size} B, one event per chunk`, size, perChunk: 1, contenders: contenders.sse },
    { name: `SSE, ${size} B, 16 events per chunk`, size, perChunk: 16, contenders: contenders.sse },
    { name: `WebSocket by ws, ${size} B`, size, perChunk: 1, contenders: contenders.ws },
    { name: `WebSocket by Node, ${size} B`, size, perChunk: 1, contenders: contenders.platform },
  ]),
];

/** What is measured comes in so many slices, of which the median is told. */
const SLICES = 12;
/** Messages before the measured ones: by then the compiler has been everywhere once. */
const WARM_UP = 200 * VARIETY;
/** With so large a nursery nothing is collected while allocation is measured: what the heap grew by is what was allocated. */
const NO_COLLECTION = ["--max-semi-space-size=1024", "--min-semi-space-size=1024"];
const ALLOCATION: Amount = { warmUp: WARM_UP, count: 4 * VARIETY };
/** How often allocation is measured again when something was collected all the same. */
const ALLOCATION_TRIES = 3;

export async function ingest(options: IngestOptions): Promise<IngestTable[]> {
  const server = start(new URL("./server.ts", import.meta.url));
  const { port } = await nextMessage<{ port: number }>(server);
  const amount = { warmUp: WARM_UP, count: options.count };
  const taken = scenarios.map(() => new Map<Contender, Measured[]>());
  try {
    for (let round = 0; round < options.rounds; round++) {
      for (const [index, scenario] of scenarios.entries()) {
        for (const contender of turns(scenario, options, round)) {
          const measured = await measure(port, scenario, contender, amount, []);
          taken[index]?.set(contender, [...(taken[index].get(contender) ?? []), measured]);
        }
      }
      console.error(`ingest: round ${round + 1} of ${options.rounds}`);
    }
    const tables: IngestTable[] = [];
    for (const [index, scenario] of scenarios.entries()) {
      tables.push(await table(port, scenario, taken[index] ?? new Map()));
    }
    return tables;
  } finally {
    await end(server);
  }
}

/** Contenders take turns, and begin with another one in each round, so that what else the machine does hits all alike. */
function turns(scenario: Scenario, options: IngestOptions, round: number): Contender[] {
  const all = scenario.contenders.filter(
    ({ name, isControl }) => isControl || options.only(`${scenario.name}, ${name}`),
  );
  const first = round % all.length;
  return [...all.slice(first), ...all.slice(0, first)];
}

interface Amount {
  readonly warmUp: number;
  readonly count: number;
}

/** One process that measures itself. A busy machine may starve one for so long that it is begun again, once. */
async function measure(port: number, scenario: Scenario, contender: Contender, amount: Amount, execArgv: string[]) {
  try {
    return await measureOnce(port, scenario, contender, amount, execArgv);
  } catch (error) {
    console.error(`ingest: ${scenario.name}, ${contender.name}: ${error}. Once more.`);
    return measureOnce(port, scenario, contender, amount, execArgv);
  }
}

async function measureOnce(port: number, scenario: Scenario, contender: Contender, amount: Amount, execArgv: string[]) {
  const slice = Math.floor(amount.count / SLICES);
  const warmUp = Math.ceil(amount.warmUp / slice);
  const query = new URLSearchParams({
    size: String(scenario.size),
    perChunk: String(scenario.perChunk),
    rounds: String(Math.ceil(((warmUp + SLICES) * slice) / VARIETY)),
  });
  const scheme = contender.wire === "websocket" ? "ws" : "http";
  const url = `${scheme}://127.0.0.1:${port}/?${query}`;
  const task: Task = { contender, url, slice, warmUp, measured: SLICES };
  const child = start(new URL("./client.ts", import.meta.url), { execArgv });
  try {
    const answer = nextMessage<Measured>(child);
    child.send(task);
    return await answer;
  } finally {
    await end(child);
  }
}

/** Undefined where something was collected each time, so that allocation cannot be told. */
async function measureAllocation(port: number, scenario: Scenario, contender: Contender) {
  for (let tries = 1; tries <= ALLOCATION_TRIES; tries++) {
    const measured = await measure(port, scenario, contender, ALLOCATION, NO_COLLECTION);
    if (measured.collections === 0) return measured;
  }
  return undefined;
}

const best = (values: readonly Measured[]): number => Math.min(...values.map(({ cpuUs }) => cpuUs));

async function table(port: number, scenario: Scenario, taken: Map<Contender, Measured[]>): Promise<IngestTable> {
  const control = [...taken].find(([{ isControl }]) => isControl)?.[1] ?? [];
  const rows: IngestRow[] = [];
  for (const contender of scenario.contenders) {
    const values = taken.get(contender);
    if (values === undefined) continue;
    const allocation = await measureAllocation(port, scenario, contender);
    rows.push({
      name: contender.name,
      isControl: contender.isControl === true,
      cpuUs: median(values.map(({ cpuUs }) => cpuUs)),
      ratio: median(values.map(({ cpuUs }, round) => cpuUs / (control[round]?.cpuUs ?? Number.NaN))),
      bestUs: best(values),
      bestRatio: best(values) / best(control),
      wallUs: median(values.map(({ wallUs }) => wallUs)),
      heapBytes: allocation?.heapBytes,
      externalBytes: allocation?.externalBytes,
    });
  }
  return { name: scenario.name, rows };
}
