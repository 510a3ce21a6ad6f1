import { type HubContender, hubContenders } from "../hubs/contenders.ts";
import { HubStage } from "../hubs/stage.ts";
import { median } from "../statistics.ts";

type Cost = Required<Pick<IdleRow, "rssKib" | "heapKib" | "nurseryKib" | "boundRssKib">>;

export interface IdleOptions {
  readonly rounds: number;
  readonly connections: number;
  readonly only: (name: string) => boolean;
}

/** What one open connection without messages costs its server, in KiB; medians over the rounds. */
export interface IdleRow {
  readonly name: string;
  readonly over: string;
  readonly rssKib: number;
  readonly heapKib: number;
  /** The nursery that it left behind, empty: it grows with the pace of allocation, to a bound of its own, whoever stays. Undefined in older runs. */
  readonly nurseryKib?: number;
  /** What is resident where the nursery is held small, as the operators' page proposes. Undefined in older runs. */
  readonly boundRssKib?: number;
}

/** So many come and go first: what is only allocated once is no connection's cost. */
const WARM_UP = 100;
const BOUND_NURSERY = ["--max-semi-space-size=8"];

export async function idle({ rounds, connections, only }: IdleOptions): Promise<IdleRow[]> {
  const contenders = hubContenders.filter(({ over, name }) => only(`${over}, ${name}`));
  const taken = new Map<HubContender, Cost[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of contenders) {
      taken.set(contender, [...(taken.get(contender) ?? []), await measure(contender, connections)]);
    }
    console.error(`idle: round ${round + 1} of ${rounds}`);
  }
  return [...taken].map(([{ name, over }, costs]) => ({
    name,
    over,
    rssKib: median(costs.map(({ rssKib }) => rssKib)),
    heapKib: median(costs.map(({ heapKib }) => heapKib)),
    nurseryKib: median(costs.map(({ nurseryKib }) => nurseryKib)),
    boundRssKib: median(costs.map(({ boundRssKib }) => boundRssKib)),
  }));
}

async function measure(contender: HubContender, connections: number): Promise<Cost> {
  const usual = await grown(contender, connections, []);
  const bound = await grown(contender, connections, BOUND_NURSERY);
  const each = (bytes: number): number => bytes / 1024 / connections;
  return {
    rssKib: each(usual.rssBytes),
    heapKib: each(usual.heapBytes),
    nurseryKib: each(usual.nurseryBytes),
    boundRssKib: each(bound.rssBytes),
  };
}

/** What a fresh server grew by while so many came. `flags` are for its V8. */
async function grown(contender: HubContender, connections: number, flags: readonly string[]) {
  const stage = await HubStage.open(contender, { flags });
  try {
    await stage.read(WARM_UP);
    await stage.publish(1);
    await stage.delivered();
    await stage.hangUp();
    const before = await stage.usage({ collect: true });
    await stage.read(connections);
    const after = await stage.usage({ collect: true });
    await stage.publish(1);
    await stage.delivered(); // they were all there
    return {
      rssBytes: after.rssBytes - before.rssBytes,
      heapBytes: after.heapBytes - before.heapBytes,
      nurseryBytes: after.nurseryBytes - before.nurseryBytes,
    };
  } finally {
    await stage.close();
  }
}
