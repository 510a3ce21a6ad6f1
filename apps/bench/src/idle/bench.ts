import { type HubContender, hubContenders } from "../hubs/contenders.ts";
import { HubStage } from "../hubs/stage.ts";
import { median } from "../statistics.ts";

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
}

/** So many come and go first: what is only allocated once is no connection's cost. */
const WARM_UP = 100;

export async function idle({ rounds, connections, only }: IdleOptions): Promise<IdleRow[]> {
  const contenders = hubContenders.filter(({ over, name }) => only(`${over}, ${name}`));
  const taken = new Map<HubContender, Pick<IdleRow, "rssKib" | "heapKib">[]>();
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
  }));
}

async function measure(contender: HubContender, connections: number): Promise<Pick<IdleRow, "rssKib" | "heapKib">> {
  const stage = await HubStage.open(contender);
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
      rssKib: (after.rssBytes - before.rssBytes) / 1024 / connections,
      heapKib: (after.heapBytes - before.heapBytes) / 1024 / connections,
    };
  } finally {
    await stage.close();
  }
}
