import { type Client, createClient, type Gap, type Topic } from "@tidewire/core";
import { createHub, type Hub } from "@tidewire/server";
import { parseVector } from "@tidewire/wire";
import { createManualClock, type ManualClock } from "../transport/manual-clock.ts";
import { FaultyEngine, type StartEngine, TOPIC } from "./faulty-engine.ts";
import { type MemoryLine, overMemory } from "./memory-line.ts";

/** Few enough that ordinary steps trim the log under its readers. */
const RETAIN_MESSAGES = 6;

/** What the observer was told, in order: the number of each message, and where history was missing. */
export type Seen = number | "gap";

/** The real hub, gate and memory engine, with the network and the clock in the test's hand. */
export class World {
  readonly clock: ManualClock = createManualClock();
  readonly engine: FaultyEngine;
  readonly hubs: readonly Hub[];
  readonly seen: Seen[] = [];
  /** What an observer saw that leaves and comes back while it is being told. */
  readonly restless: number[] = [];
  readonly lines: MemoryLine[] = [];
  published = 0;
  /** Gaps that were said of history which the engine still had. */
  needlessGaps = 0;
  hides: (frame: string) => boolean = () => false;
  readonly #client: Client;
  readonly #topic: Topic<number>;
  readonly #next: () => number;

  /** `next` gives numbers from 0 up to 1. */
  constructor(next: () => number, startEngine?: StartEngine) {
    this.#next = next;
    const now = () => this.clock.now();
    this.engine = new FaultyEngine(now, startEngine);
    const options = { engine: this.engine, now, retainMessages: RETAIN_MESSAGES, onError: () => {} };
    this.hubs = [createHub(options), createHub(options)];
    for (const hub of this.hubs) hub.topic(TOPIC);
    const carrier = overMemory(
      () => this.any(this.hubs),
      (line) => {
        line.hides = (frame) => {
          // This engine never goes back: a node that says so has not asked it.
          if (frame.includes('"why":"rollback"')) this.needlessGaps += 1;
          return this.hides(frame);
        };
        this.lines.push(line);
      },
    );
    this.#client = createClient({
      url: "memory://hub/",
      transport: () => carrier,
      clock: this.clock,
      random: () => 0,
      silenceMs: Number.POSITIVE_INFINITY,
    });
    this.#topic = this.#client.topic<number>(TOPIC);
    this.#topic.gaps$.subscribe((gap) => {
      this.seen.push("gap");
      if (this.#couldStillBeHad(gap)) this.needlessGaps += 1;
    });
    this.#topic.subscribe((n) => this.seen.push(n));
    this.#beRestless();
  }

  any<T>(items: readonly T[]): T {
    return items[Math.floor(this.#next() * items.length)] as T;
  }

  openLines(): MemoryLine[] {
    return this.lines.filter(({ isOpen }) => isOpen);
  }

  publish(): void {
    this.published += 1;
    void this.any(this.hubs).publish(TOPIC, this.published);
  }

  restartEngine(): void {
    this.clock.advance(1); // no process starts within the millisecond that another one started in
    this.engine.restart();
  }

  /** All that runs by itself: hubs write, promises settle. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 3; turn += 1) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      for (const hub of this.hubs) hub.core.flush();
    }
  }

  /** A planned move: make before break. */
  move(): void {
    const [line] = this.openLines();
    line?.down.push('{"k":"move","after":0,"why":"rotate"}');
  }

  /** No more faults: everything arrives, and nodes compare themselves with the engine. */
  async quiesce(): Promise<void> {
    this.engine.loses = () => false;
    for (let round = 0; round < 60 && !this.isAtTop; round += 1) {
      for (const [node, hub] of this.hubs.entries()) {
        while (this.engine.inboxes[node]?.waiting.length) this.engine.deliver(node);
        hub.core.topics.verify();
      }
      await this.settle();
      for (const line of this.openLines()) {
        while (line.up.length > 0) await line.arriveUp();
        while (line.down.length > 0) line.arriveDown();
      }
      this.clock.advance(round % 10 === 9 ? 6000 : 10);
    }
  }

  get isAtTop(): boolean {
    const cursor = parseVector(this.#client.cursor() ?? "")?.get(TOPIC);
    const top = (this.engine.tops([TOPIC]) as ReadonlyMap<string, { e: number; o: number }>).get(TOPIC);
    return cursor !== undefined && cursor.e === top?.e && cursor.o === top.o && this.#topic.status.status === "open";
  }

  async close(): Promise<void> {
    this.#client.close();
    await Promise.all(this.hubs.map((hub) => hub.close()));
  }

  #couldStillBeHad({ epoch, from, why }: Gap): boolean {
    const { e, min } = this.engine.kept();
    return why !== "epoch" && why !== "restart" && epoch === e && from >= min;
  }

  #beRestless(): void {
    const subscription = this.#topic.subscribe((n) => {
      this.restless.push(n);
      if (n % 7 === 0) this.#client.reconnect();
      if (n % 3 !== 0) return;
      subscription.unsubscribe();
      this.#beRestless();
    });
  }
}

/** What is wrong with what a world's observers saw: nothing, or the first broken promise. */
export function faultOf(world: World): string | undefined {
  const { seen, restless, published } = world;
  if (!world.isAtTop) return "the reader never came back to the top";
  if (world.needlessGaps > 0) return "a gap was said of history that the engine still had";
  let last = 0;
  let hasGap = false;
  for (const item of seen) {
    if (item === "gap") {
      hasGap = true;
      continue;
    }
    if (item <= last) return `message ${item} came after ${last}: repeated or reordered`;
    if (item !== last + 1 && !hasGap) return `messages ${last + 1} to ${item - 1} were lost in silence`;
    last = item;
    hasGap = false;
  }
  if (last !== published && !hasGap) return `messages ${last + 1} to ${published} were lost in silence`;
  const repeated = restless.find((n, index) => index > 0 && n <= (restless[index - 1] as number));
  return repeated === undefined ? undefined : `message ${repeated} was told twice to an observer that came back`;
}
