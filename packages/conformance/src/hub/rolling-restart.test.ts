import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createClient, overPoll, overSse, overWebSocket } from "@tidewire/core";
import { createHub, type Engine, type HubEvent, memory } from "@tidewire/server";
import { toNodeHandler } from "@tidewire/server/node";
import { expect, onTestFinished, test } from "vitest";

const CLIENTS = 40;

/** Two hubs on one engine, and one address before them that sends new requests where it is told. */
async function startPair() {
  const engine = memory();
  const shared: Engine = { ...engine, close() {} };
  const events: HubEvent[] = [];
  const onEvent = (event: HubEvent) => void events.push(event);
  const hubs = ["one", "two"].map((node) => createHub({ engine: shared, node, onEvent }));
  const handlers = hubs.map((hub) => toNodeHandler(hub));
  let turn = 0;
  const server = createServer((request, response) => void handlers[turn]?.(request, response));
  server.on("upgrade", (request, socket, head) => void handlers[turn]?.handleUpgrade(request, socket, head));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    for (const hub of hubs) await hub.close();
    server.close();
    server.closeAllConnections();
  });
  const switchOver = () => {
    turn = 1;
  };
  const [one, two] = hubs as [(typeof hubs)[0], (typeof hubs)[0]];
  return { one, two, events, switchOver, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

test.each([
  ["WebSocket", overWebSocket],
  ["SSE", overSse],
  ["long polls", overPoll],
] as const)(
  "a rolling restart over %s loses, repeats and reorders nothing, and everybody leaves in time",
  async (_name, transport) => {
    const { one, two, events, switchOver, url } = await startPair();
    const readers = Array.from({ length: CLIENTS }, () => {
      const client = createClient({ url, transport });
      onTestFinished(() => client.close());
      const topic = client.topic<number>("a");
      const got: number[] = [];
      let gaps = 0;
      topic.gaps$.subscribe(() => {
        gaps += 1;
      });
      topic.subscribe((n) => got.push(n));
      return { topic, got, gaps: () => gaps };
    });
    await expect
      .poll(() => readers.every(({ topic }) => topic.status.status === "open"), { timeout: 10_000 })
      .toBe(true);

    let published = 0;
    const publish = () => {
      published += 1;
      return two.publish("a", published);
    };
    const publishing = setInterval(() => void publish(), 5);
    onTestFinished(() => clearInterval(publishing));
    await expect.poll(() => readers[0]?.got.length).toBeGreaterThan(0);
    switchOver();
    const start = performance.now();
    await one.drain({ deadlineMs: 6000 });
    expect(performance.now() - start).toBeLessThan(6000);
    expect(one.stats().lines).toBe(0);
    clearInterval(publishing);
    await publish();
    await expect.poll(() => readers.filter(({ got }) => got.at(-1) !== published).length, { timeout: 10_000 }).toBe(0);
    for (const { got, gaps } of readers) {
      expect(gaps()).toBe(0);
      expect(got).toEqual(Array.from({ length: got.length }, (_, index) => (got[0] ?? 0) + index));
    }
    // They moved by handing over, each when it was asked to: nobody had to be cut off.
    const done = events.find((event) => event.name === "tidewire.drain.done");
    // Between two polls there is no line to count.
    expect(done).toMatchObject({ lines: transport === overPoll ? expect.any(Number) : CLIENTS });
  },
  30_000,
);
