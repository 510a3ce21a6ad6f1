import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { type Client, createClient, overPoll, overSse, overWebSocket } from "@tidewire/core";
import { createHub, type Engine, type Hub, memory } from "@tidewire/server";
import { toNodeHandler } from "@tidewire/server/node";
import { describe, expect, onTestFinished, test } from "vitest";
import { createFaultProxy, type FaultProxy } from "../faults/fault-proxy.ts";
import { FAULTS, Ledger, seeded } from "./ledger.ts";

const CLIENTS = 50;
const TOPICS = Array.from({ length: 10 }, (_, index) => `topic-${index}`);
const FAULT_COUNT = 200;
const SEED = 20_261_122;

/** A hub that can be stopped and started again on the same port, while its engine lives on. */
class Station {
  hub!: Hub;
  #server!: Server;
  #port = 0;
  readonly #engine: Engine = { ...memory(), close() {} };

  async start(): Promise<number> {
    this.hub = createHub({ engine: this.#engine, retainMessages: 100_000, retainBytes: 1e8, heartbeatMs: 1000 });
    const handler = toNodeHandler(this.hub);
    this.#server = createServer(handler).on("upgrade", handler.handleUpgrade);
    this.#server.listen(this.#port, "127.0.0.1");
    await once(this.#server, "listening");
    this.#port = (this.#server.address() as AddressInfo).port;
    return this.#port;
  }

  async stop(): Promise<void> {
    await this.hub.close();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}

describe.each([
  ["WebSocket", overWebSocket],
  ["SSE", overSse],
  ["long polls", overPoll],
] as const)("over %s", (_name, transport) => {
  test("two hundred faults and a restart cost nobody a message", async () => {
    const random = seeded(SEED);
    const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
    const station = new Station();
    const port = await station.start();
    const lines: { proxy: FaultProxy; client: Client; ledger: Ledger }[] = [];
    onTestFinished(async () => {
      for (const { client, proxy } of lines) {
        client.close();
        await proxy[Symbol.asyncDispose]();
      }
      await station.stop();
    });
    for (let index = 0; index < CLIENTS; index += 1) {
      const proxy = await createFaultProxy(port);
      const client = createClient({
        url: `http://127.0.0.1:${proxy.port}/`,
        transport,
        retryBaseMs: 50,
        retryCapMs: 200,
        silenceMs: 2000,
        onError() {},
      });
      const ledger = new Ledger();
      const first = index % TOPICS.length;
      ledger.read(
        client,
        [0, 1, 2, 3].map((step) => TOPICS[(first + step) % TOPICS.length] as string),
      );
      lines.push({ proxy, client, ledger });
    }

    const published = new Map<string, number>(TOPICS.map((name) => [name, 0]));
    const publish = async (): Promise<void> => {
      const name = pick(TOPICS);
      const n = (published.get(name) ?? 0) + 1;
      published.set(name, n);
      await station.hub.publish(name, n);
    };
    const busy = new Set<Promise<void>>();
    const faults = Object.values(FAULTS);
    for (let count = 0; count < FAULT_COUNT; count += 1) {
      const { proxy } = pick(lines);
      // A fault lasts while others come and messages go: the schedule is the seed's, not the clock's.
      const fault = pick(faults)(proxy, async () => void (await pause(20 + random() * 80)));
      busy.add(fault.finally(() => busy.delete(fault)));
      for (let each = 0; each < 15; each += 1) await publish();
      await pause(10);
      if (count === FAULT_COUNT / 2) {
        await station.stop();
        await station.start();
      }
    }
    await Promise.all(busy);
    await publish();

    await expect
      .poll(() => lines.filter(({ ledger }) => !ledger.isComplete(published)).length, { timeout: 30_000 })
      .toBe(0);
    // The faults were real: lines were lost and dialled again.
    expect(lines.reduce((sum, { proxy }) => sum + proxy.accepted, 0)).toBeGreaterThan(CLIENTS + FAULT_COUNT / 2);
    const books = lines.map(({ ledger }) => ledger.audit(published));
    const total = (entry: "lost" | "doubled" | "reordered") => books.reduce((sum, book) => sum + book[entry], 0);
    expect({ lost: total("lost"), doubled: total("doubled"), reordered: total("reordered") }).toEqual({
      lost: 0,
      doubled: 0,
      reordered: 0,
    });
    expect(lines.reduce((sum, { ledger }) => sum + ledger.gaps, 0)).toBe(0);
  }, 120_000);
});
