import { createClient, type Gap, overPoll, overSse, overWebSocket, type Topic } from "@tidewire/core";
import { createHub, memory } from "@tidewire/server";
import { expect, onTestFinished, test } from "vitest";
import { FaultyEngine, TOPIC } from "./faulty-engine.ts";
import { startHub } from "./hub.fixture.ts";

const carriers = [
  ["WebSocket", overWebSocket],
  ["SSE", overSse],
  ["long polls", overPoll],
] as const;

test.each(carriers)(
  "history that is trimmed under a reader over %s is a gap that says exactly what is missing",
  async (_name, transport) => {
    const MESSAGES = 400;
    const { hub, proxy, connect } = await startHub({ retainMessages: MESSAGES, retainBytes: 1e9 });
    const text = "x".repeat(50_000); // 20 MB: more than all sockets on the way hold
    const publish = async (from: number) => {
      for (let n = from; n < from + MESSAGES; n += 1) await hub.publish("a", { n, text });
    };
    await publish(1);
    const topic = connect({ transport }).topic<{ n: number }>("a", { from: "earliest" });
    const seen: (number | Gap)[] = [];
    topic.gaps$.subscribe((gap) => seen.push(gap));
    topic.subscribe(({ n }) => {
      if (seen.length === 0) proxy.stall(); // in the middle of the replay
      seen.push(n);
    });
    await expect.poll(() => seen.length).toBeGreaterThan(0);
    await publish(MESSAGES + 1);
    proxy.flow();
    await expect.poll(() => seen.at(-1), { timeout: 15_000 }).toBe(2 * MESSAGES);
    let stood = 0;
    for (const each of seen) {
      expect(typeof each === "number" ? each - 1 : each.from).toBe(stood);
      stood = typeof each === "number" ? each : each.to;
    }
    expect(seen.filter((each) => typeof each !== "number")).toHaveLength(1);
  },
);

test("a message that is published twice with one key, on two nodes, arrives once", async () => {
  const engine = { ...memory(), close() {} };
  const { hub: one, connect } = await startHub({ engine });
  const two = createHub({ engine });
  onTestFinished(() => two.close());
  const topic = connect({}).topic<string>("a");
  const got: string[] = [];
  topic.subscribe((text) => got.push(text));
  await expect.poll(() => topic.status.status).toBe("open");
  const first = await one.publish("a", "once", { idempotencyKey: "order 7" });
  const again = await two.publish("a", "once", { idempotencyKey: "order 7" });
  expect(again).toEqual({ ...first, duplicate: true });
  await two.publish("a", "after");
  await expect.poll(() => got).toEqual(["once", "after"]);
});

/** What a reader of numbers was told, gaps among its messages. */
function watch(topic: Topic<number>): (number | Gap)[] {
  const seen: (number | Gap)[] = [];
  topic.gaps$.subscribe((gap) => seen.push(gap));
  topic.subscribe((n) => seen.push(n));
  return seen;
}

test.each(carriers)(
  "a hub that starts anew by a clock that was set back is a gap over %s, and not silence",
  async (_name, transport) => {
    const one = await startHub();
    const anHourAgo = await startHub({ now: () => Date.now() - 3_600_000 });
    let now = one;
    const client = createClient({ url: () => `http://127.0.0.1:${now.proxy.port}/`, transport, retryBaseMs: 50 });
    onTestFinished(() => client.close());
    const topic = client.topic<number>("a");
    const seen = watch(topic);
    await expect.poll(() => topic.status.status).toBe("open");
    for (const n of [1, 2, 3]) await one.hub.publish("a", n);
    await expect.poll(() => seen).toEqual([1, 2, 3]);
    now = anHourAgo;
    await one.hub.close();
    for (const n of [4, 5]) await anHourAgo.hub.publish("a", n);
    await expect.poll(() => seen.length).toBe(6);
    expect(seen[3]).toMatchObject({ from: 3, to: 0, why: "rollback" });
    expect(seen.slice(4)).toEqual([4, 5]);
  },
);

test("messages that an engine lost, and gives their numbers to others, are a gap, and the others arrive", async () => {
  const engine = new FaultyEngine(() => 1000); // all its epochs are one
  const { hub, connect } = await startHub({ engine });
  const topic = connect({}).topic<number>(TOPIC);
  const seen = watch(topic);
  await expect.poll(() => topic.status.status).toBe("open");
  const publish = async (n: number) => {
    await hub.publish(TOPIC, n);
    engine.deliver(0);
  };
  for (const n of [1, 2, 3]) await publish(n);
  await expect.poll(() => seen).toEqual([1, 2, 3]);
  engine.restart();
  await expect.poll(() => seen.length).toBe(4);
  expect(seen[3]).toMatchObject({ from: 3, to: 0, why: "rollback" });
  await publish(4);
  await expect.poll(() => seen.slice(4)).toEqual([4]);
});
