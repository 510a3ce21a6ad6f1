import type { PageRow } from "../browser/judge.ts";
import { Stage, type Visit } from "../browser/stage.ts";
import { overRounds } from "../render/bench.ts";

export interface PageOptions {
  readonly rounds: number;
  readonly seconds: number;
  readonly rate: number;
  readonly only: (name: string) => boolean;
}

/** One row: medians over the rounds. */
export interface HubPageRow extends PageRow {
  readonly name: string;
}

/** At the same pace: by then the compiler has seen page and hub at work. */
const WARM_UP_SECONDS = 1;

const PLAIN = "/realtime?topic=ticks";

/** All read the same topic of the same hub. */
const visits: readonly (Visit & { readonly name: string })[] = [
  { name: "createClient, WebSocket", page: "plain/client.ts", transport: "websocket", path: "/realtime" },
  { name: "createClient, SSE", page: "plain/client.ts", transport: "sse", path: "/realtime" },
  { name: "realtime(), SSE", page: "plain/realtime.ts", transport: "sse", path: PLAIN },
  { name: "realtime(), WebSocket, single frames", page: "plain/realtime.ts", transport: "websocket", path: PLAIN },
  { name: "bare fetch", page: "plain/bare.ts", transport: "sse", path: PLAIN },
  { name: "bare WebSocket, single frames", page: "plain/bare.ts", transport: "websocket", path: PLAIN },
];

/** A hub publishes to one page after the other. */
export async function page({ rounds, seconds, rate, only }: PageOptions): Promise<HubPageRow[]> {
  const stage = await Stage.open(new URL("./server.ts", import.meta.url));
  const wanted = visits.filter(({ name }) => only(name));
  const taken = wanted.map((): PageRow[] => []);
  const paces = [
    { rate, seconds: WARM_UP_SECONDS },
    { rate, seconds },
  ];
  try {
    for (let round = 0; round < rounds; round++) {
      for (const [index, visit] of wanted.entries()) {
        const [, ...measured] = await stage.measure(visit, paces);
        taken[index]?.push(...measured);
        console.error(`page: ${visit.name}`);
      }
    }
  } finally {
    await stage.close();
  }
  return wanted.map(({ name }, index) => ({ name, ...overRounds(taken[index] ?? []) }));
}
