import { type Gap, overSse, overWebSocket } from "@tidewire/core";
import { createHub, memory } from "@tidewire/server";
import { expect, onTestFinished, test } from "vitest";
import { startHub } from "./hub.fixture.ts";

const carriers = [
  ["WebSocket", overWebSocket],
  ["SSE", overSse],
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
