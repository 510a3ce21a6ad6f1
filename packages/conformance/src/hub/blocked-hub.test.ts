import { setTimeout as pause } from "node:timers/promises";
import { createClient, overSse, overWebSocket, realtime } from "@tidewire/core";
import { memory } from "@tidewire/server";
import { expect, onTestFinished, test } from "vitest";
import { startHubProcess } from "./hub-process.ts";
import { serveEngine } from "./serve-engine.ts";

/** Two and a half periods are what a client is given: a quarter of a second, a twentieth of the time that the loop is blocked. */
const HEARTBEAT_MS = 100;
const BLOCKED_MS = 5000;

test("a hub whose event loop was blocked for five seconds kills nobody for it", async () => {
  const engine = memory();
  const served = await serveEngine(engine);
  onTestFinished(() => served[Symbol.dispose]());
  const hub = await startHubProcess({ engine: { port: served.port }, up: "a", heartbeatMs: HEARTBEAT_MS });
  onTestFinished(hub.kill);
  const publish = (n: number) =>
    engine.append("a", String(n), { retainMessages: 1000, retainBytes: 1e6, retainMs: Number.POSITIVE_INFINITY });

  const got: number[][] = [];
  const opened: (() => boolean)[] = [];
  // Polls are no part of it: each answer ends one.
  for (const transport of [overWebSocket, overSse]) {
    // They wait longer than the hub is blocked: whoever ends a line here is the hub.
    const client = createClient({ url: hub.url, transport, silenceMs: 60_000 });
    onTestFinished(() => client.close());
    const seen: number[] = [];
    got.push(seen);
    client.topic<number>("a").subscribe((n) => seen.push(n));
    opened.push(() => client.status.status === "open");
  }
  for (const url of [`${hub.url}?topic=a`, `${hub.url.replace("http", "ws")}?topic=a`]) {
    const stream = realtime<number>(url, { silenceMs: 60_000 });
    const seen: number[] = [];
    got.push(seen);
    const subscription = stream.subscribe((n) => seen.push(n));
    onTestFinished(() => subscription.unsubscribe());
    opened.push(() => stream.status.status === "open");
  }
  await expect.poll(() => opened.every((isOpen) => isOpen()), { timeout: 10_000 }).toBe(true);
  await publish(1);
  await expect.poll(() => got).toEqual([[1], [1], [1], [1]]);
  const before = await hub.stats();
  expect(before.lines).toBe(4);

  const blocked = hub.block(BLOCKED_MS);
  await publish(2);
  expect((await blocked).lines).toBe(4);
  await expect
    .poll(() => got)
    .toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
  await pause(HEARTBEAT_MS * 5); // twice as long as the hub takes to miss somebody
  await publish(3);
  await expect
    .poll(() => got)
    .toEqual([
      [1, 2, 3],
      [1, 2, 3],
      [1, 2, 3],
      [1, 2, 3],
    ]);
  const { lines, linesOpened } = await hub.stats();
  expect({ lines, linesOpened }).toEqual({ lines: 4, linesOpened: before.linesOpened });
}, 60_000);
