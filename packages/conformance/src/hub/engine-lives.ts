import { type Client, createClient } from "@tidewire/core";
import { createHub, type Engine, type Hub, type LogPage } from "@tidewire/server";
import { parseVector } from "@tidewire/wire";
import { deferred } from "../faults/deferred.ts";
import { type MemoryLine, overMemory } from "./memory-line.ts";

/** What one reader was told, in order. */
type Seen = number | "gap";

/** One topic, what was published to it, and a client that reads it over lines that break. */
interface Life {
  readonly topic: string;
  readonly client: Client;
  readonly seen: Seen[];
  readonly reasons: string[];
  /** The epoch that each number was acknowledged with. */
  readonly epochs: Map<number, number>;
  published: number;
}

/** How long a life may take to come back to its top, in milliseconds. */
const BACK_MS = 20_000;

/** Many readers of two hubs, each hub with an engine of its own on the same server. */
export class EngineLives {
  readonly lives: readonly Life[];
  readonly #hubs: readonly Hub[];
  readonly #engines: readonly Engine[];
  readonly #next: () => number;
  readonly #lines = new Set<MemoryLine>();
  #isOver = false;

  /** `next` gives numbers from 0 up to 1. */
  constructor(engines: readonly [Engine, Engine], count: number, next: () => number, prefix: string) {
    this.#engines = engines;
    this.#next = next;
    this.#hubs = engines.map((engine) => createHub({ engine, heartbeatMs: 1000, onError() {}, maxTopics: 10_000 }));
    this.lives = Array.from({ length: count }, (_, index) => this.#live(`${prefix}.${index}`));
    void this.#pump();
  }

  any<T>(items: readonly T[]): T {
    return items[Math.floor(this.#next() * items.length)] as T;
  }

  /** Every reader stands in its topic: from here on it is owed everything. */
  async ready(): Promise<void> {
    for (const { client, topic } of this.lives) {
      const opened = deferred<void>();
      const watching = client.topic(topic).status$.subscribe(({ status }) => status === "open" && opened.resolve());
      await opened.promise;
      watching.unsubscribe();
    }
  }

  /** Publishes the next number of a life, and again by the same key until it was acknowledged. */
  async publish(life: Life): Promise<void> {
    life.published += 1;
    const n = life.published;
    const idempotencyKey = `${life.topic}:${n}`;
    for (const end = performance.now() + BACK_MS; ; ) {
      try {
        const { e } = await this.any(this.#hubs).publish(life.topic, n, { idempotencyKey });
        life.epochs.set(n, e);
        return;
      } catch (error) {
        if (performance.now() > end) throw error;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }

  /** The line of some readers breaks. */
  cut(share: number): void {
    for (const line of this.#lines) if (this.#next() < share) line.cut();
  }

  /** Waits until every reader stands at its topic's top, and gives what was wrong with what they were told. */
  async audit(): Promise<string[]> {
    const judged = this.lives.map(async (life) => {
      const log = await this.#settled(life);
      const fault = log === undefined ? "the reader never came back to the top" : faultOf(life, log);
      return fault ? [`${life.topic}: ${fault}; seen ${life.seen.slice(-30).join(" ")}; gaps ${life.reasons}`] : [];
    });
    return (await Promise.all(judged)).flat();
  }

  async close(): Promise<void> {
    this.#isOver = true;
    for (const { client } of this.lives) client.close();
    for (const hub of this.#hubs) await hub.close();
    for (const engine of this.#engines) await engine.close();
  }

  /** The log, once the reader's cursor is its top: the same number may be the last one of two epochs. */
  async #settled({ topic, client }: Life): Promise<number[] | undefined> {
    for (const end = performance.now() + BACK_MS; performance.now() < end; ) {
      const log = await this.#log(topic);
      const cursor = parseVector(client.cursor() ?? "")?.get(topic);
      if (log && cursor?.e === log.e && cursor.o === log.top) return log.entries.map(({ payload }) => Number(payload));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return undefined;
  }

  /** What is kept; undefined while nobody can tell. */
  async #log(topic: string): Promise<LogPage | undefined> {
    try {
      return await (this.#engines[0] as Engine).read(topic, undefined, 10_000);
    } catch {
      return undefined;
    }
  }

  #live(topic: string): Life {
    const carrier = overMemory(
      () => this.any(this.#hubs),
      (line) => this.#lines.add(line),
    );
    const client = createClient({ url: `memory://${topic}/`, transport: () => carrier, retryBaseMs: 20, onError() {} });
    const life: Life = { topic, client, seen: [], reasons: [], epochs: new Map(), published: 0 };
    const stream = client.topic<number>(topic, { from: "earliest" });
    stream.gaps$.subscribe(({ why }) => {
      life.reasons.push(why);
      life.seen.push("gap");
    });
    stream.subscribe((n) => life.seen.push(n));
    return life;
  }

  /** What is on a line arrives in its own time: no line waits for another one. */
  async #pump(): Promise<void> {
    const carrying = new Set<MemoryLine>();
    while (!this.#isOver) {
      for (const line of this.#lines) {
        if (!line.isOpen) this.#lines.delete(line);
        while (line.down.length > 0) line.arriveDown();
        if (carrying.has(line) || line.up.length === 0) continue;
        carrying.add(line);
        void this.#carryUp(line).finally(() => carrying.delete(line));
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  async #carryUp(line: MemoryLine): Promise<void> {
    while (line.up.length > 0) await line.arriveUp();
  }
}

/** The first broken promise in what a reader was told, given what its log came to. */
export function faultOf({ seen, epochs }: Pick<Life, "seen" | "epochs">, log: readonly number[]): string | undefined {
  const kept = new Set(log);
  let last: number | undefined;
  for (const item of seen) {
    if (item === "gap") {
      last = undefined;
      continue;
    }
    if (last !== undefined && item <= last) return `${item} came after ${last}`;
    for (let n = (last ?? item) + 1; n < item; n += 1) {
      // One epoch is one unbroken log: what stands between two of its messages must have been told.
      if (kept.has(n) || epochs.get(n) === epochs.get(item)) return `${n} was lost in silence before ${item}`;
    }
    last = item;
  }
  const missing = [...epochs.keys()].find((n) => !kept.has(n) && !seen.includes(n));
  if (missing !== undefined && !seen.includes("gap")) return `${missing} is in no log, and no gap was told`;
  return undefined;
}
