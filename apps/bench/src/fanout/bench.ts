import { type HubContender, hubContenders } from "../hubs/contenders.ts";
import { HubStage } from "../hubs/stage.ts";
import { median } from "../statistics.ts";

export interface FanoutOptions {
  readonly rounds: number;
  /** One table for each number of readers. */
  readonly readers: readonly number[];
  /** Deliveries in each measured block, about. */
  readonly deliveries: number;
  readonly only: (name: string) => boolean;
}

/** Server CPU per delivery, in microseconds, and how late messages are. */
interface Round {
  readonly singleUs: number;
  readonly burstUs: number;
  readonly saturatedUs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Messages per second that the saturated server got to all readers. */
  readonly saturatedPerSecond: number;
}

/** One row: medians over the rounds. `burstRatio` is the median of the ratios to the control, each within one round. */
export interface FanoutRow extends Round {
  readonly name: string;
  readonly isControl: boolean;
  readonly singleRatio: number;
  readonly burstRatio: number;
}

export interface FanoutTable {
  readonly over: string;
  readonly readers: number;
  readonly rows: readonly FanoutRow[];
}

const BURST = 10;
/** Saturation lasts so long at most, and then as long as it takes until the last reader has everything. */
const SATURATED_MS = 700;
const SATURATED_DELIVERIES = 3_000_000;

/** All servers stand with all their readers; they take turns, beginning with another one in each round. */
export async function fanout(options: FanoutOptions): Promise<FanoutTable[]> {
  const tables: FanoutTable[] = [];
  for (const readers of options.readers) {
    const contenders = hubContenders.filter(
      ({ isControl, over, name }) => isControl || options.only(`${over}, ${name}`),
    );
    const stages: HubStage[] = [];
    try {
      for (const contender of contenders) {
        const stage = await HubStage.open(contender);
        stages.push(stage);
        await stage.read(readers);
      }
      const taken = await takeTurns(stages, readers, options);
      for (const over of ["WebSocket", "SSE"]) tables.push(table(over, readers, taken));
    } finally {
      await Promise.all(stages.map((stage) => stage.close()));
    }
  }
  return tables;
}

type Taken = ReadonlyMap<HubContender, Round[]>;

async function takeTurns(stages: readonly HubStage[], readers: number, options: FanoutOptions): Promise<Taken> {
  const taken = new Map(stages.map(({ contender }): [HubContender, Round[]] => [contender, []]));
  const paces = new Map<string, number>();
  const messages = Math.max(5, Math.round(options.deliveries / readers));
  for (const stage of stages) {
    // The compiler has then seen what is hot; and the controls have said how fast half load is.
    await oneByOne(stage, readers, 3, BURST);
    const { us } = await oneByOne(stage, readers, Math.ceil(messages / 2), 1);
    if (stage.contender.isControl) paces.set(stage.contender.over, (2 * us * readers) / 1000);
  }
  for (let round = 0; round < options.rounds; round += 1) {
    const first = round % stages.length;
    for (const stage of [...stages.slice(first), ...stages.slice(0, first)]) {
      const everyMs = paces.get(stage.contender.over) ?? 20;
      taken.get(stage.contender)?.push(await measure(stage, readers, messages, everyMs));
    }
    console.error(`fanout: ${readers} readers, round ${round + 1} of ${options.rounds}`);
  }
  return taken;
}

async function measure(stage: HubStage, readers: number, messages: number, everyMs: number): Promise<Round> {
  const single = await oneByOne(stage, readers, messages, 1);
  const burst = await oneByOne(stage, readers, Math.max(3, Math.round(messages / 5)), BURST);
  const saturated = await cost(stage, readers, () =>
    stage.saturate(Math.ceil(SATURATED_DELIVERIES / readers), SATURATED_MS),
  );
  await stage.latency();
  await stage.pace(messages, everyMs);
  await stage.delivered();
  const { p50Ms, p99Ms } = await stage.latency();
  return {
    singleUs: single.us,
    burstUs: burst.us,
    saturatedUs: saturated.us,
    saturatedPerSecond: saturated.perSecond,
    p50Ms,
    p99Ms,
  };
}

/** The next burst is published when every reader has the one before. */
function oneByOne(stage: HubStage, readers: number, times: number, burst: number) {
  return cost(stage, readers, async () => {
    for (let time = 0; time < times; time += 1) {
      await stage.publish(burst);
      await stage.delivered();
    }
    return times * burst;
  });
}

async function cost(stage: HubStage, readers: number, publish: () => Promise<number>) {
  const before = await stage.usage();
  const begin = performance.now();
  const messages = await publish();
  await stage.delivered();
  const seconds = (performance.now() - begin) / 1000;
  const after = await stage.usage();
  return { us: (after.cpuUs - before.cpuUs) / (messages * readers), perSecond: messages / seconds };
}

function table(over: string, readers: number, taken: Taken): FanoutTable {
  const among = [...taken].filter(([contender]) => contender.over === over);
  const control = among.find(([{ isControl }]) => isControl)?.[1] ?? [];
  const rows = among.map(([{ name, isControl }, rounds]): FanoutRow => {
    const of = (pick: (round: Round) => number): number => median(rounds.map(pick));
    const ratio = (pick: (round: Round) => number): number =>
      median(rounds.map((round, index) => pick(round) / pick(control[index] ?? round)));
    return {
      name,
      isControl: isControl === true,
      singleUs: of(({ singleUs }) => singleUs),
      singleRatio: ratio(({ singleUs }) => singleUs),
      burstUs: of(({ burstUs }) => burstUs),
      burstRatio: ratio(({ burstUs }) => burstUs),
      saturatedUs: of(({ saturatedUs }) => saturatedUs),
      saturatedPerSecond: of(({ saturatedPerSecond }) => saturatedPerSecond),
      p50Ms: of(({ p50Ms }) => p50Ms),
      p99Ms: of(({ p99Ms }) => p99Ms),
    };
  });
  return { over, readers, rows };
}
