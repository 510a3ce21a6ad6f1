import type { ChildProcess } from "node:child_process";
import { ask, end, start } from "../process.ts";
import type { HubContender } from "./contenders.ts";
import type { Latency, ReadersOrder } from "./readers.ts";
import type { Order, Usage } from "./server.ts";
import { NO_HEARTBEAT_MS } from "./subject.ts";

/** One subject in a process of its own, and its readers in another. */
export class HubStage {
  readonly contender: HubContender;
  port = 0;
  readonly #server: ChildProcess;
  readonly #readers: ChildProcess;
  #published = 0;

  private constructor(contender: HubContender, server: ChildProcess, readers: ChildProcess) {
    this.contender = contender;
    this.#server = server;
    this.#readers = readers;
  }

  /** Starts both, with no readers yet. `flags` are for the subject's V8. */
  static async open(
    contender: HubContender,
    { heartbeatMs = NO_HEARTBEAT_MS, flags = [] as readonly string[] } = {},
  ): Promise<HubStage> {
    const server = start(new URL("./server.ts", import.meta.url), { execArgv: ["--expose-gc", ...flags] });
    const stage = new HubStage(contender, server, start(new URL("./readers.ts", import.meta.url)));
    try {
      const { port } = await stage.#tell<{ port: number }>({ order: "serve", file: contender.file, heartbeatMs });
      stage.port = port;
      return stage;
    } catch (error) {
      await stage.close();
      throw error;
    }
  }

  /** Dials so many readers; resolves when all are served. Those with a cursor get what they missed. */
  async read(count: number, options: { readonly cursor?: string; readonly atOnce?: number } = {}): Promise<void> {
    const { wire } = this.contender;
    await this.#tellReaders({ order: "open", port: this.port, wire, count, ...options });
  }

  /** Waits until every reader has everything that was published since they came, each message once. Gives when. */
  async delivered(): Promise<number> {
    return this.expect(this.#published);
  }

  async expect(messages: number): Promise<number> {
    const answer = await this.#tellReaders<{ at: number; wrong?: string }>({ order: "expect", messages });
    if (answer.wrong !== undefined) throw new Error(`${this.contender.name}: ${answer.wrong}`);
    return answer.at;
  }

  async publish(count: number): Promise<void> {
    await this.#publish({ order: "publish", count });
  }

  async pace(count: number, everyMs: number): Promise<void> {
    await this.#publish({ order: "pace", count, everyMs });
  }

  /** Gives how many it was. */
  saturate(most: number, forMs: number): Promise<number> {
    return this.#publish({ order: "saturate", most, forMs });
  }

  async #publish(order: Order): Promise<number> {
    const { published } = await this.#tell<{ published: number }>(order);
    this.#published += published;
    return published;
  }

  async retain(): Promise<string> {
    return (await this.#tell<{ cursor: string }>({ order: "retain" })).cursor;
  }

  usage(options: { readonly collect?: boolean; readonly fromHere?: boolean } = {}): Promise<Usage> {
    return this.#tell<Usage>({ order: "usage", ...options });
  }

  async pass(ms: number): Promise<void> {
    await this.#tell({ order: "pass", ms });
  }

  /** Of all that came since this was last asked. */
  latency(): Promise<Latency> {
    return this.#tellReaders<Latency>({ order: "latency" });
  }

  /** All readers are cut off. */
  async hangUp(): Promise<void> {
    await this.#tellReaders({ order: "close" });
    this.#published = 0;
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
