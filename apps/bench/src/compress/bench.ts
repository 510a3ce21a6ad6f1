import { ask, end, start } from "../process.ts";
import { median } from "../statistics.ts";
import { type Size, sizes } from "./messages.ts";
import type { ReadersOrder } from "./readers.ts";
import type { Order, Usage } from "./server.ts";
import { type Way, ways } from "./ways.ts";

export interface CompressOptions {
  readonly rounds: number;
  readonly readers: number;
  /** Deliveries in each measured block, about. */
  readonly deliveries: number;
  readonly only: (name: string) => boolean;
}

/** What one message costs to deliver: on the wire, and of the server's CPU; singly, and in bursts of ten. */
export interface CompressCost {
  readonly size: Size;
  readonly singleBytes: number;
  readonly singleUs: number;
  readonly burstBytes: number;
  readonly burstUs: number;
}

/** One row: medians over the rounds. */
export interface CompressRow {
  readonly name: string;
  readonly over: string;
  readonly costs: readonly CompressCost[];
  /** What the server's resident memory grew by per connection that had one message and is idle since. */
  readonly rssKib: number;
}

const BURST = 10;
const WARM_UP_READERS = 20;

/** A way in a process of its own, and its readers in another. */
class CompressStage {
  readonly way: Way;
  readonly #server = start(new URL("./server.ts", import.meta.url), { execArgv: ["--expose-gc"] });
  readonly #readers = start(new URL("./readers.ts", import.meta.url));
  #port = 0;
  #published = 0;

  constructor(way: Way) {
    this.way = way;
  }

  async serve(): Promise<void> {
    this.#port = (await this.#tell<{ port: number }>({ order: "serve", way: ways.indexOf(this.way) })).port;
  }

  async read(count: number): Promise<void> {
    await this.#tellReaders({ order: "open", port: this.#port, over: this.way.over, count });
  }

  async hangUp(): Promise<void> {
    await this.#tellReaders({ order: "close" });
    this.#published = 0;
  }

  /** Resolves when every reader has everything. */
  async publish(size: Size, count: number): Promise<void> {
    await this.#tell({ order: "publish", size, count });
    this.#published += count;
    const { wrong } = await this.#tellReaders<{ wrong?: string }>({ order: "expect", messages: this.#published });
    if (wrong !== undefined) throw new Error(`${this.way.over}, ${this.way.name}: ${wrong}`);
  }

  usage(collect = false): Promise<Usage> {
    return this.#tell<Usage>({ order: "usage", collect });
  }

  async close(): Promise<void> {
    await Promise.all([end(this.#server), end(this.#readers)]);
  }

  #tell<T>(order: Order): Promise<T> {
    return ask<T>(this.#server, order);
  }

  #tellReaders<T>(order: ReadersOrder): Promise<T> {
    return ask<T>(this.#readers, order);
  }
}

/** Every way has fresh processes in each round; they take turns, beginning with another one each time. */
export async function compress(options: CompressOptions): Promise<CompressRow[]> {
  const chosen = ways.filter(({ over, name }) => options.only(`${over}, ${name}`));
  const taken = new Map(chosen.map((way): [Way, Pick<CompressRow, "costs" | "rssKib">[]] => [way, []]));
  for (let round = 0; round < options.rounds; round += 1) {
    const first = round % Math.max(1, chosen.length);
    for (const way of [...chosen.slice(first), ...chosen.slice(0, first)]) {
      taken.get(way)?.push(await measure(way, options));
    }
    console.error(`compress: round ${round + 1} of ${options.rounds}`);
  }
  return [...taken].map(([{ name, over }, rounds]) => ({
    name,
    over,
    costs: sizes.map((size, at) =>
      middle(
        size,
        rounds.flatMap(({ costs }) => costs[at] ?? []),
      ),
    ),
    rssKib: median(rounds.map(({ rssKib }) => rssKib)),
  }));
}

function middle(size: Size, costs: readonly CompressCost[]): CompressCost {
  const of = (pick: (cost: CompressCost) => number): number => median(costs.map(pick));
  return {
    size,
    singleBytes: of(({ singleBytes }) => singleBytes),
    singleUs: of(({ singleUs }) => singleUs),
    burstBytes: of(({ burstBytes }) => burstBytes),
    burstUs: of(({ burstUs }) => burstUs),
  };
}

async function measure(
  way: Way,
  { readers, deliveries }: CompressOptions,
): Promise<Pick<CompressRow, "costs" | "rssKib">> {
  const stage = new CompressStage(way);
  try {
    await stage.serve();
    await stage.read(WARM_UP_READERS);
    await stage.publish("100 B", 1);
    await stage.hangUp();
    const before = await stage.usage(true);
    await stage.read(readers);
    await stage.publish("100 B", 1);
    const after = await stage.usage(true);
    const messages = Math.max(2 * BURST, Math.round(deliveries / readers));
    const costs: CompressCost[] = [];
    for (const size of sizes) costs.push(await costOf(stage, size, messages, readers));
    return { costs, rssKib: (after.rssBytes - before.rssBytes) / 1024 / readers };
  } finally {
    await stage.close();
  }
}

async function costOf(stage: CompressStage, size: Size, messages: number, readers: number): Promise<CompressCost> {
  await block(stage, size, Math.ceil(messages / 4), 1, readers); // The compiler has then seen what is hot.
  const single = await block(stage, size, messages, 1, readers);
  const burst = await block(stage, size, messages, BURST, readers);
  return {
    size,
    singleBytes: single.bytes,
    singleUs: single.us,
    burstBytes: burst.bytes,
    burstUs: burst.us,
  };
}

/** The next is published when every reader has the one before. */
async function block(stage: CompressStage, size: Size, messages: number, burst: number, readers: number) {
  const before = await stage.usage();
  const times = Math.ceil(messages / burst);
  for (let time = 0; time < times; time += 1) await stage.publish(size, burst);
  const after = await stage.usage();
  const deliveries = times * burst * readers;
  return {
    us: (after.cpuUs - before.cpuUs) / deliveries,
    bytes: (after.writtenBytes - before.writtenBytes) / deliveries,
  };
}
