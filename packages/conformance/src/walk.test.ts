import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { makeStore, realtime } from "@tidewire/core";
import { createHub } from "@tidewire/server";
import { toNodeHandler } from "@tidewire/server/node";
import { expect, onTestFinished, test } from "vitest";
import { createFaultProxy } from "./faults/fault-proxy.ts";

interface Tick {
  readonly n: number;
}

/** A hub on a real server, and the cable to it that can be cut. */
async function hubBehindProxy() {
  const hub = createHub();
  const server = createServer(toNodeHandler(hub));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const proxy = await createFaultProxy((server.address() as AddressInfo).port);
  onTestFinished(async () => {
    await hub.close();
    await proxy[Symbol.asyncDispose]();
    server.close();
  });
  return { hub, proxy, url: `http://127.0.0.1:${proxy.port}/?topic=ticks` };
}

test("a message walks from the hub to a snapshot, through a cut line and back, once and in order", async () => {
  const { hub, proxy, url } = await hubBehindProxy();
  const publish = (n: number) => hub.publish("ticks", { n } satisfies Tick);

  // Stream: any address, and only the topic's own events.
  const ticks = realtime<Tick>(url, { type: "ticks", retryBaseMs: 20, lingerMs: 0 });
  const words: string[] = [];
  ticks.status$.subscribe(({ status }) => words.push(status));

  // Fold and snapshot: what a binding reads.
  const reduce = (all: readonly number[], { n }: Tick): readonly number[] => [...all, n];
  const store = makeStore(ticks, { initial: [] as readonly number[], reduce, commit: "sync", lingerMs: 0 });
  const before = store.getSnapshot();
  const leave = store.subscribe(() => {});
  onTestFinished(leave);
  await expect.poll(() => ticks.status.status).toBe("open");

  await publish(1);
  await expect.poll(() => store.getSnapshot().data).toEqual([1]);
  expect(store.getSnapshot()).not.toBe(before);
  expect(store.getSnapshot()).toBe(store.getSnapshot());

  // The cut, and what is published while nobody can hear it.
  expect(proxy.reset()).toBe(1);
  await expect.poll(() => words.at(-1)).not.toBe("open");
  for (const n of [2, 3, 4]) await publish(n);
  // The hub asks for a second between dials.
  await expect.poll(() => store.getSnapshot().data, { timeout: 10_000 }).toEqual([1, 2, 3, 4]);

  await publish(5);
  await expect.poll(() => store.getSnapshot().data).toEqual([1, 2, 3, 4, 5]);
  expect(words).toEqual(["idle", "connecting", "open", "waiting", "connecting", "open"]);
  expect(store.getSnapshot()).toMatchObject({ status: "open", error: undefined });
});
