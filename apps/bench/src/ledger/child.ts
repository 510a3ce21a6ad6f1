// One subject with its server, its clients and their cables, in a process of its own: goes through the schedule and gives the books.
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { overSse, overWebSocket } from "@tidewire/core";
import { quantile } from "../statistics.ts";
import { Book } from "./book.ts";
import { Cable } from "./cable.ts";
import { CUTS, faults } from "./faults.ts";
import { PER_STEP, type Plan, schedule, TOPICS, topicsOf } from "./schedule.ts";
import { betterSse } from "./subjects/better-sse.ts";
import { socketIo } from "./subjects/socket-io.ts";
import type { LedgerSubject } from "./subjects/subject.ts";
import { tidewire } from "./subjects/tidewire.ts";

export const subjects: Readonly<Record<string, () => LedgerSubject>> = {
  "tidewire, WebSocket": () => tidewire(overWebSocket),
  "tidewire, SSE": () => tidewire(overSse),
  "socket.io, state recovery": socketIo,
  "better-sse + eventsource-client": betterSse,
};

/** The books of one subject. */
export interface LedgerRow {
  readonly name: string;
  readonly expected: number;
  readonly lost: number;
  readonly doubled: number;
  readonly reordered: number;
  readonly gaps: number;
  /** From the cut of a line to the first message on the next one. */
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** Until clients on dead links noticed: the median and the last; undefined where one never did. */
  readonly deadP50Ms: number | undefined;
  readonly deadMaxMs: number | undefined;
  /** How many were put on dead links, how many noticed, and what was lost to all clients since. */
  readonly dead: number;
  readonly noticed: number;
  readonly lostToDead: number;
}

const DEAD_LINKS = 10;
/** Complete, or no news for so long: nothing more will come. */
const QUIET_MS = 12_000;

interface Client {
  readonly cable: Cable;
  readonly book: Book;
  readonly close: () => void;
}

class World {
  readonly #subject: LedgerSubject;
  readonly #plan: Plan;
  readonly #published = new Map(TOPICS.map((topic) => [topic, 0]));
  readonly #clients: Client[] = [];
  #server!: Server;
  #port = 0;

  constructor(subject: LedgerSubject, plan: Plan) {
    this.#subject = subject;
    this.#plan = plan;
  }

  async run(name: string): Promise<LedgerRow> {
    await this.#listen();
    for (let index = 0; index < this.#plan.clients; index += 1) await this.#connect(index);
    await until(() => this.#clients.every(({ book }) => book.movedAt > 0), 20_000);
    await pause(500);
    await this.#spoil();
    await this.#settle();
    const sum = this.#audit();
    const recoveries = this.#clients.flatMap(({ book }) => book.recoveriesMs);
    const dead = await this.#watchDeadLinks();
    await this.#settle();
    const row = {
      name,
      ...sum,
      gaps: this.#clients.reduce((gaps, { book }) => gaps + book.gaps, 0),
      p50Ms: quantile(recoveries, 0.5),
      p95Ms: quantile(recoveries, 0.95),
      ...dead,
      lostToDead: this.#audit().lost - sum.lost,
    };
    for (const { cable, close } of this.#clients) {
      close();
      cable.close();
    }
    return row;
  }

  async #listen(): Promise<void> {
    this.#server = createServer();
    this.#subject.start(this.#server);
    this.#server.listen(this.#port, "127.0.0.1");
    await once(this.#server, "listening");
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async #restart(): Promise<void> {
    const closed = once(this.#server, "close");
    const stopped = this.#subject.stop();
    if (this.#server.listening) this.#server.close();
    this.#server.closeAllConnections();
    await Promise.all([stopped, closed]);
    await this.#listen();
  }

  async #connect(index: number): Promise<void> {
    const topics = topicsOf(index);
    const cable = new Cable(this.#port);
    await cable.accept();
    const book = new Book(topics);
    const close = this.#subject.open(`http://127.0.0.1:${cable.port}/`, topics, {
      open: () => book.open(),
      lost: () => book.lost(),
      gap() {
        book.gaps += 1;
      },
      message: (topic, n) => book.message(topic, n),
    });
    this.#clients.push({ cable, book, close });
  }

  #publish(topic: string): void {
    const n = (this.#published.get(topic) ?? 0) + 1;
    this.#published.set(topic, n);
    this.#subject.publish(topic, n);
  }

  async #spoil(): Promise<void> {
    const steps = schedule(this.#plan);
    const busy: Promise<void>[] = [];
    const free = new Map<number, Promise<void>>();
    for (const [count, { client, fault, lastsMs, topics }] of steps.entries()) {
      const { cable, book } = this.#clients[client] as Client;
      // One fault after the other on one cable.
      const done = (free.get(client) ?? Promise.resolve()).then(() => {
        if (CUTS.has(fault)) book.cut(performance.now());
        else book.spoil();
        return faults[fault](cable, lastsMs);
      });
      free.set(client, done);
      busy.push(done);
      for (const topic of topics) {
        this.#publish(topic);
        await pause(this.#plan.slotMs / PER_STEP);
      }
      if (count === Math.floor(steps.length / 2)) {
        for (const each of this.#clients) each.book.spoil();
        await this.#restart();
      }
    }
    await Promise.all(busy);
    for (const topic of TOPICS) this.#publish(topic);
  }

  /** Lines that are open swallow everything for ever, while messages go on. */
  async #watchDeadLinks(): Promise<Pick<LedgerRow, "dead" | "noticed" | "deadP50Ms" | "deadMaxMs">> {
    const dead = this.#clients.slice(0, DEAD_LINKS);
    const begin = performance.now();
    for (const { cable } of dead) cable.die();
    const firsts = new Map<number, number>();
    while (performance.now() - begin < this.#plan.deadMs && firsts.size < dead.length) {
      for (const topic of TOPICS) this.#publish(topic);
      await pause(100);
      for (const [index, { book }] of dead.entries()) {
        if (book.movedAt > begin && !firsts.has(index)) firsts.set(index, book.movedAt - begin);
      }
    }
    const isAll = firsts.size === dead.length;
    const times = [...firsts.values()];
    return {
      dead: dead.length,
      noticed: firsts.size,
      deadP50Ms: isAll ? quantile(times, 0.5) : undefined,
      deadMaxMs: isAll ? Math.max(...times) : undefined,
    };
  }

  /** Until all is there, or nothing comes any more. */
  async #settle(): Promise<void> {
    let before = -1;
    for (;;) {
      const received = this.#clients.reduce((sum, { book }) => sum + book.received, 0);
      if (this.#audit().lost === 0 || received === before) return;
      before = received;
      await until(() => this.#audit().lost === 0, QUIET_MS);
    }
  }

  #audit(): Pick<LedgerRow, "expected" | "lost" | "doubled" | "reordered"> {
    const sum = { expected: 0, lost: 0, doubled: 0, reordered: 0 };
    for (const { book } of this.#clients) {
      const audit = book.audit(this.#published);
      for (const entry of ["expected", "lost", "doubled", "reordered"] as const) sum[entry] += audit[entry];
    }
    return sum;
  }
}

async function until(isSo: () => boolean, timeoutMs: number): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!isSo() && performance.now() < end) await pause(250);
}

process.once("message", async ({ name, plan }: { readonly name: string; readonly plan: Plan }) => {
  const make = subjects[name];
  if (!make) throw new Error(`No subject is called ${name}.`);
  const row = await new World(make(), plan).run(name);
  process.send?.(row, () => process.exit());
});
