import { setTimeout as pause } from "node:timers/promises";
import { type ClientOptions, createClient, overPoll, overSse, overWebSocket } from "@tidewire/core";
import { memory } from "@tidewire/server";
import { expect, onTestFinished, test } from "vitest";
import { startHubProcess } from "./hub-process.ts";
import { serveEngine } from "./serve-engine.ts";

const CLIENTS = 8;
const SENDS = 80;
const KILLED_AT = 30;

/** One engine, and two processes that serve it; each dial goes to the other one than the dial before. */
async function startCluster() {
  const engine = memory();
  const served = await serveEngine(engine);
  onTestFinished(() => served[Symbol.dispose]());
  const start = async () => {
    const hub = await startHubProcess({ engine: { port: served.port }, up: "a", retainMessages: 100_000 });
    onTestFinished(hub.kill);
    return hub;
  };
  const [one, two] = await Promise.all([start(), start()]);
  const connect = (first: number, transport: ClientOptions["transport"]) => {
    let dials = first;
    const url = () => {
      dials += 1;
      return (dials % 2 ? one : two).url;
    };
    const client = createClient({ url, transport, whileDown: "queue", retryBaseMs: 100, onError() {} });
    onTestFinished(() => client.close());
    return client;
  };
  const history = async () => (await engine.read("a", undefined, 100_000)).entries.map(({ payload }) => payload);
  return { one, two, connect, history };
}

test.each([
  ["WebSocket", overWebSocket],
  ["SSE", overSse],
  ["long polls", overPoll],
] as const)(
  "a node that is killed with -9 costs a client over %s no message, up or down",
  async (_name, transport) => {
    const { one, two, connect, history } = await startCluster();
    const clients = Array.from({ length: CLIENTS }, (_, index) => {
      const topic = connect(index, transport).topic<string>("a");
      const got: string[] = [];
      let gaps = 0;
      topic.gaps$.subscribe(() => {
        gaps += 1;
      });
      topic.subscribe((text) => got.push(JSON.stringify(text)));
      return { topic, got, gaps: () => gaps };
    });
    const areOpen = () => clients.every(({ topic }) => topic.status.status === "open");
    await expect.poll(areOpen, { timeout: 15_000 }).toBe(true);
    await expect.poll(async () => (await one.stats()).lines).toBe(CLIENTS / 2);

    const sends: Promise<void>[] = [];
    let killing: Promise<void> | undefined;
    for (let n = 1; n <= SENDS; n += 1) {
      for (const [index, { topic }] of clients.entries()) sends.push(topic.send(`${index}:${n}`));
      if (n === KILLED_AT) killing = one.kill();
      await pause(10);
    }
    await killing;
    await Promise.all(sends);

    const log = await history();
    for (const index of clients.keys()) {
      const own = log.filter((payload) => payload.startsWith(`"${index}:`));
      expect(own).toEqual(Array.from({ length: SENDS }, (_, n) => `"${index}:${n + 1}"`));
    }
    await expect.poll(() => clients.filter(({ got }) => got.length < log.length).length, { timeout: 15_000 }).toBe(0);
    for (const { got } of clients) expect(got).toEqual(log);
    expect(clients.reduce((sum, { gaps }) => sum + gaps(), 0)).toBe(0);
    await expect.poll(async () => (await two.stats()).lines).toBe(CLIENTS);
  },
  60_000,
);
