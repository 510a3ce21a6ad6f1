import type { AddressInfo } from "node:net";
import { createClient, overPoll, overSse, overWebSocket, type Topic } from "@tidewire/core";
import { describe, expect, onTestFinished, test } from "vitest";
import { createWebSocketGateway } from "../faults/websocket-gateway.ts";
import { startHub } from "./hub.fixture.ts";

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** A fiftieth of the default. Of the two sides the client is the less patient one: one and a half periods against two and a half. */
const HEARTBEAT_MS = 200;
const IMPATIENT = { connectTimeoutMs: HEARTBEAT_MS * 2, retryBaseMs: 20, onError() {} };

/** Reads a topic, and counts what was lost. */
function read(topic: Topic<number>) {
  const got: number[] = [];
  const errors: unknown[] = [];
  let gaps = 0;
  topic.gaps$.subscribe(() => {
    gaps += 1;
  });
  topic.status$.subscribe(({ error }) => error && errors.push(error.code));
  topic.subscribe((n) => got.push(n));
  return { got, errors, gaps: () => gaps };
}

describe("a proxy that", () => {
  test("buffers a stream is noticed by its silence, and costs nothing once it lets go", async () => {
    const { hub, proxy, connect } = await startHub({ heartbeatMs: HEARTBEAT_MS });
    const topic = connect({ transport: overSse, ...IMPATIENT }).topic<number>("a");
    const { got, errors, gaps } = read(topic);
    await expect.poll(() => topic.status.status).toBe("open");
    await hub.publish("a", 1);
    await expect.poll(() => got).toEqual([1]);
    proxy.down.holdBytes = 1e6;
    for (const n of range(2, 50)) await hub.publish("a", n);
    await expect.poll(() => errors).toContain("silent");
    await expect.poll(() => errors).toContain("connect-timeout");
    expect(hub.stats().lines).toBeLessThanOrEqual(2); // those that were given up do not pile up
    proxy.down.holdBytes = 0;
    await expect.poll(() => got).toEqual(range(1, 50));
    expect(gaps()).toBe(0);
  });

  test.each([
    ["WebSocket", overWebSocket],
    ["SSE", overSse],
    ["long polls", overPoll],
  ] as const)("cuts every line over %s at a certain age costs no message", async (_name, transport) => {
    const AGE_MS = 150; // for a minute
    const { hub, proxy, connect } = await startHub({ heartbeatMs: HEARTBEAT_MS });
    const topic = connect({ transport, ...IMPATIENT }).topic<number>("a");
    const { got, gaps } = read(topic);
    await expect.poll(() => topic.status.status).toBe("open");
    const cutting = setInterval(() => proxy.end(), AGE_MS);
    onTestFinished(() => clearInterval(cutting));
    let published = 0;
    const publishing = setInterval(() => {
      published += 1;
      void hub.publish("a", published);
    }, 2);
    onTestFinished(() => clearInterval(publishing));
    await expect.poll(() => proxy.accepted, { timeout: 15_000 }).toBeGreaterThan(8);
    clearInterval(publishing);
    clearInterval(cutting);
    await expect.poll(() => got.length).toBe(published);
    expect(got).toEqual(range(1, published));
    expect(gaps()).toBe(0);
  });

  test("answers pings for both sides while it hands nothing on deceives neither of them", async () => {
    const { hub, server } = await startHub({ heartbeatMs: HEARTBEAT_MS });
    const gateway = await createWebSocketGateway(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    onTestFinished(() => gateway[Symbol.dispose]());
    // Only the hub is impatient, and then only the client.
    for (const [who, silenceMs] of [
      ["hub", 60_000],
      ["client", undefined],
    ] as const) {
      const client = createClient({ url: gateway.url, ...IMPATIENT, silenceMs });
      onTestFinished(() => client.close());
      const topic = client.topic<number>(who);
      const { got, errors, gaps } = read(topic);
      await expect.poll(() => topic.status.status).toBe("open");
      await hub.publish(who, 1);
      await expect.poll(() => got).toEqual([1]);
      gateway.goDeaf();
      for (const n of range(2, 20)) await hub.publish(who, n);
      if (who === "client") await expect.poll(() => errors).toContain("silent");
      await expect.poll(() => got).toEqual(range(1, 20));
      expect(gaps()).toBe(0);
      client.close();
      await expect.poll(() => hub.stats().lines).toBe(0);
    }
  });
});
