import { setTimeout as pause } from "node:timers/promises";
import { type Gap, overPoll, overSse, overWebSocket } from "@tidewire/core";
import { memory, type Retention } from "@tidewire/server";
import { describe, expect, onTestFinished, test } from "vitest";
import { createFaultProxy } from "../faults/fault-proxy.ts";
import { connectEngine } from "./connect-engine.ts";
import { startHub } from "./hub.fixture.ts";
import { serveEngine } from "./serve-engine.ts";

const KEEP: Retention = { retainMessages: 1000, retainBytes: 1e6, retainMs: Number.POSITIVE_INFINITY };
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** A hub whose way to its engine can be cut, while another node still has one. */
async function startHubOnEngine(heartbeatMs: number) {
  const engine = memory();
  const served = await serveEngine(engine);
  const way = await createFaultProxy(served.port);
  onTestFinished(() => {
    served[Symbol.dispose]();
    return way[Symbol.asyncDispose]();
  });
  const told: string[] = [];
  const onError = (_error: unknown, where: string) => void told.push(where);
  const world = await startHub({ engine: await connectEngine(way.port), heartbeatMs, onError });
  world.hub.topic("a", { clientPublish: true });
  /** Another node publishes. */
  const elsewhere = async (topic: string, numbers: readonly number[], keep: Partial<Retention> = {}) => {
    for (const n of numbers) await engine.append(topic, String(n), { ...KEEP, ...keep });
  };
  const goDown = async () => {
    await way.refuse();
    way.reset();
    await expect.poll(() => world.hub.publish("probe", 0).then(() => "up", String)).toContain("cannot be reached");
  };
  return { ...world, told, elsewhere, goDown, comeBack: () => way.accept() };
}

/** What a reader was told, gaps among its messages. */
function read(client: ReturnType<Awaited<ReturnType<typeof startHub>>["connect"]>, name: string, from?: "earliest") {
  const topic = client.topic<number>(name, from && { from });
  const seen: (number | Gap)[] = [];
  topic.gaps$.subscribe((gap) => seen.push(gap));
  topic.subscribe({ next: (n) => seen.push(n), error: () => {} });
  return { topic, seen };
}

describe.each([
  // No heartbeat comes to the aid of what the feed has to say itself.
  ["a second", { outageMs: 1000, heartbeatMs: 60_000 }],
  // A minute is six periods of liveness by default: here they are shorter, as the outage is.
  ["a minute, scaled to 1.2 s", { outageMs: 1200, heartbeatMs: 200 }],
])("an engine that is down for %s", (_title, { outageMs, heartbeatMs }) => {
  test("refuses what is published, keeps its readers waiting, and then nothing is lost", async () => {
    const { hub, connect, told, elsewhere, goDown, comeBack } = await startHubOnEngine(heartbeatMs);
    const retry = { retryBaseMs: 100, retryCapMs: 500, onError() {} };
    const clients = [overWebSocket, overSse, overPoll].map((transport) => connect({ transport, ...retry }));
    const readers = clients.map((client) => read(client, "a"));
    const [writer] = readers;
    await expect.poll(() => readers.map(({ topic }) => topic.status.status)).toEqual(["open", "open", "open"]);
    for (const n of range(1, 10)) await hub.publish("a", n);
    await expect.poll(() => readers.map(({ seen }) => seen.length)).toEqual([10, 10, 10]);
    await elsewhere("b", range(1, 5));

    await goDown();
    await expect(hub.publish("a", 11)).rejects.toThrow("The engine cannot be reached.");
    expect(told).toContain("publishing to a");
    await expect(writer?.topic.send(11)).rejects.toMatchObject({ code: "refused", detail: { closeCode: 4512 } });
    await elsewhere("a", range(11, 20));
    const late = [overWebSocket, overSse, overPoll].map((transport) =>
      read(connect({ transport, ...retry }), "b", "earliest"),
    );
    const lateAtAll = read(connect({ transport: overWebSocket, ...retry }), "a", "earliest");
    await pause(outageMs);
    expect(late.map(({ topic }) => topic.status.status)).not.toContain("failed");
    expect(late.map(({ seen }) => seen)).toEqual([[], [], []]);
    expect(lateAtAll.seen).toEqual(range(1, 10));
    // Who was there before has its line still.
    expect(readers.map(({ topic, seen }) => [topic.status.status, seen.length])).toEqual([
      ["open", 10],
      ["open", 10],
      ["open", 10],
    ]);

    await comeBack();
    await expect.poll(() => readers.map(({ seen }) => seen.length)).toEqual([20, 20, 20]);
    await writer?.topic.send(21);
    await hub.publish("a", 22);
    await expect.poll(() => readers.map(({ seen }) => seen.at(-1))).toEqual([22, 22, 22]);
    for (const { seen } of readers) expect(seen).toEqual(range(1, 22));
    await expect.poll(() => lateAtAll.seen).toEqual(range(1, 22));
    await expect
      .poll(() => late.map(({ seen }) => seen), { timeout: 15_000 })
      .toEqual([range(1, 5), range(1, 5), range(1, 5)]);
  });
});

test("what an engine forgot while it could not be reached is a gap", async () => {
  const { hub, connect, elsewhere, goDown, comeBack } = await startHubOnEngine(10_000);
  const { topic, seen } = read(connect({ transport: overWebSocket }), "a");
  await expect.poll(() => topic.status.status).toBe("open");
  await hub.publish("a", 1);
  await expect.poll(() => seen).toEqual([1]);
  await goDown();
  await elsewhere("a", range(2, 40), { retainMessages: 5 });
  await comeBack();
  await expect.poll(() => seen.length).toBe(7);
  expect(seen[1]).toMatchObject({ from: 1, to: 35 });
  expect(seen.slice(2)).toEqual(range(36, 40));
});
