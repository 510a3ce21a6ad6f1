// What a durable engine is for: the process that served is gone at once, and nobody misses a message.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient, overSse, overWebSocket } from "@tidewire/core";
import { createHub } from "@tidewire/server";
import { describe, expect, onTestFinished, test } from "vitest";
import { startNginx } from "../../../../.ci/nginx.ts";
import { startRedis } from "../../../../.ci/redis.ts";
import { find } from "../../../../.ci/tools.mjs";
import { type HubProcess, startHubProcess } from "./hub-process.ts";
import { Ledger } from "./ledger.ts";
import { type EngineAt, openEngine } from "./open-engine.ts";

const READERS = 200;
const HUBS = 4;
/** Clients that also send. */
const WRITERS = 8;
const PUBLISH_MS = 10;
/** How many messages are published before the kill, and as many after it. */
const MESSAGES = 100;

async function startHub(engine: EngineAt, port = 0): Promise<HubProcess> {
  const hub = await startHubProcess({ engine, up: "up", retainMessages: 10_000, port });
  onTestFinished(hub.kill);
  return hub;
}

/** Readers of "down", over both transports in turn. */
function startReaders(url: string) {
  return Array.from({ length: READERS }, (_, index) => {
    const client = createClient({ url, transport: index % 2 === 0 ? overWebSocket : overSse, onError() {} });
    onTestFinished(() => client.close());
    const ledger = new Ledger();
    ledger.read(client, ["down"]);
    return { client, ledger };
  });
}

type Readers = ReturnType<typeof startReaders>;

/** The numbers 1, 2, 3 … on "down", given to `publish` one after the other. */
function numbersTo(publish: (n: number) => Promise<unknown>) {
  const published = new Map([["down", 0]]);
  return {
    published,
    async go(count: number) {
      for (let left = count; left > 0; left -= 1) {
        const n = (published.get("down") as number) + 1;
        published.set("down", n);
        await publish(n);
        await new Promise((resolve) => setTimeout(resolve, PUBLISH_MS));
      }
    },
  };
}

const untilOpen = (readers: Readers) =>
  expect
    .poll(() => readers.filter(({ client }) => client.status.status !== "open").length, { timeout: 20_000 })
    .toBe(0);

async function expectAll(readers: Readers, published: ReadonlyMap<string, number>) {
  await expect
    .poll(() => readers.filter(({ ledger }) => !ledger.isComplete(published)).length, { timeout: 20_000 })
    .toBe(0);
  for (const { ledger } of readers) {
    expect(ledger.gaps).toBe(0);
    expect(ledger.audit(published)).toEqual({ lost: 0, doubled: 0, reordered: 0 });
  }
}

const isHere = (...tools: Parameters<typeof find>[0][]) => tools.every((tool) => find(tool) !== undefined);

describe.skipIf(!isHere("redis", "nginx") && !process.env["CI"])("hubs that share a Redis", () => {
  test("one of four behind nginx is killed, and its readers go on at the others with no gap", async () => {
    const redis = await startRedis("--appendonly", "yes");
    onTestFinished(redis.stop);
    const engine = { redis: redis.url };
    const hubs = await Promise.all(Array.from({ length: HUBS }, () => startHub(engine)));
    const nginx = await startNginx(
      hubs.map(({ port }) => port),
      READERS * 6,
    );
    onTestFinished(nginx.stop);
    const publisher = createHub({ engine: await openEngine(engine), retainMessages: 10_000 });
    onTestFinished(() => publisher.close());
    const readers = startReaders(`http://127.0.0.1:${nginx.port}/realtime`);
    await untilOpen(readers);
    const { published, go } = numbersTo((n) => publisher.publish("down", n));
    await go(MESSAGES);
    const [killed] = hubs as [HubProcess, ...HubProcess[]];
    expect((await killed.stats()).lines).toBeGreaterThan(READERS / HUBS / 2);
    await Promise.all([killed.kill(), go(MESSAGES)]);
    await expectAll(readers, published);
    await untilOpen(readers);
  }, 90_000);

  test("keep connections open while Redis hangs, and what is published again until it is taken is there once", async () => {
    const redis = await startRedis("--appendonly", "yes");
    onTestFinished(redis.stop);
    const engine = { redis: redis.url };
    const hub = await startHub(engine);
    const publisher = createHub({ engine: await openEngine(engine), retainMessages: 10_000, onError() {} });
    onTestFinished(() => publisher.close());
    const readers = startReaders(hub.url);
    await untilOpen(readers);
    let refused = 0;
    const { published, go } = numbersTo(async (n) => {
      for (;;) {
        try {
          return await publisher.publish("down", n, { idempotencyKey: String(n) });
        } catch (error) {
          expect(error).toMatchObject({ code: "network" });
          refused += 1;
          await new Promise((resolve) => setTimeout(resolve, PUBLISH_MS));
        }
      }
    });
    await go(MESSAGES);
    redis.pause();
    const rest = go(MESSAGES);
    await expect.poll(() => refused, { timeout: 20_000 }).toBeGreaterThan(0);
    expect((await hub.stats()).lines).toBe(READERS);
    redis.resume();
    await rest;
    await expectAll(readers, published);
    expect(readers.filter(({ client }) => client.status.status !== "open")).toEqual([]);
    expect(hub.happened.filter(({ event }) => event.name === "tidewire.line.opened").length).toBe(READERS);
  }, 90_000);
});

test("a hub on SQLite is killed and started again, and nothing is lost, repeated or reordered, up or down", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tidewire-killed-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const engine = { sqlite: join(folder, "log.db") };
  const hub = await startHub(engine);
  const clients = Array.from({ length: WRITERS }, (_, index) => {
    const transport = index % 2 === 0 ? overWebSocket : overSse;
    const client = createClient({ url: hub.url, transport, whileDown: "queue", retryBaseMs: 100, onError() {} });
    onTestFinished(() => client.close());
    const topic = client.topic<string>("up", { from: "earliest" });
    const got: string[] = [];
    let gaps = 0;
    topic.gaps$.subscribe(() => {
      gaps += 1;
    });
    topic.subscribe((text) => got.push(text));
    return { topic, got, gaps: () => gaps };
  });
  const sends: Promise<void>[] = [];
  const { go } = numbersTo(async (n) => {
    for (const [index, { topic }] of clients.entries()) sends.push(topic.send(`${index}:${n}`));
  });
  await expect.poll(() => clients.every(({ topic }) => topic.status.status === "open"), { timeout: 15_000 }).toBe(true);
  await go(MESSAGES);
  await Promise.all([hub.kill().then(() => startHub(engine, hub.port)), go(MESSAGES)]);
  await Promise.all(sends);

  const [{ got: log } = { got: [] }] = clients;
  for (const { got } of clients) {
    await expect.poll(() => got.length, { timeout: 15_000 }).toBe(WRITERS * MESSAGES * 2);
    expect(got).toEqual(log);
  }
  for (const index of clients.keys()) {
    const own = log.filter((text) => text.startsWith(`${index}:`));
    expect(own).toEqual(Array.from({ length: MESSAGES * 2 }, (_, n) => `${index}:${n + 1}`));
  }
  expect(clients.map(({ gaps }) => gaps())).toEqual(clients.map(() => 0));
}, 60_000);
