import { describe, expect, it } from "vitest";
import { dialWs, readSse, refusedUpgrade, serveHub } from "./adapters/node.fixture.ts";
import type { HubEvent } from "./events.ts";
import { dialTidewire } from "./session/peer.fixture.ts";

const kind = (k: string) => (frame: { k?: string }) => frame.k === k;
const HELLO = JSON.stringify({ k: "hello", v: 1, gen: 1, subs: [] });

describe("draining a hub", () => {
  it("asks Tidewire clients to hand over, each at its own moment, and goes on serving them", async () => {
    const { hub, ws } = await serveHub();
    const lines = await Promise.all(Array.from({ length: 20 }, () => dialTidewire(ws)));
    for (const line of lines) {
      line.hello({ subs: [{ t: "a" }] });
      await line.find(kind("live"));
    }
    const drained = hub.drain({ deadlineMs: 1500 });
    const moments: number[] = [];
    for (const line of lines) {
      const move = await line.find(kind("move"));
      expect(move).toMatchObject({ why: "drain" });
      moments.push(move.after);
    }
    expect(new Set(moments).size).toBeGreaterThan(10);
    expect(Math.max(...moments)).toBeLessThan(1500);
    await hub.publish("a", "still here");
    for (const line of lines) expect(await line.data(1)).toEqual(["still here"]);
    for (const line of lines) line.peer.close();
    await drained;
    await expect(hub.publish("a", 1)).rejects.toMatchObject({ code: "not-open" });
  });

  it("takes no new line, and says when to come again", async () => {
    const { hub, http, ws } = await serveHub();
    const line = await dialWs(`${ws}/?topic=a`);
    const drained = hub.drain({ deadlineMs: 300 });
    for (const ask of [fetch(`${http}/?topic=a`), fetch(`${http}/`, { method: "POST", body: HELLO })]) {
      const response = await ask;
      expect(response.status).toBe(503);
      expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
    }
    expect(await refusedUpgrade(`${ws}/?topic=a`)).toMatchObject({ status: 503 });
    expect(hub.stats().isDraining).toBe(true);
    await drained;
    expect((await line.closed).code).toBe(1012);
  });

  it("ends plain lines one by one over the time there is", async () => {
    const { hub, ws, http } = await serveHub();
    const sockets = await Promise.all(Array.from({ length: 10 }, () => dialWs(`${ws}/?topic=a`)));
    const streams = await Promise.all(Array.from({ length: 10 }, () => readSse(`${http}/?topic=a`)));
    const start = performance.now();
    const ends = Promise.all([
      ...sockets.map(({ closed }) => closed.then(() => performance.now() - start)),
      ...streams.map((stream) => stream.end().then(() => performance.now() - start)),
    ]);
    await hub.drain({ deadlineMs: 1000 });
    const moments = (await ends).toSorted((a, b) => a - b);
    expect(moments[4]).toBeLessThan(500);
    expect(moments.at(-1)).toBeGreaterThan(400);
    expect(moments.at(-1)).toBeLessThan(1500);
  });

  it("is done as soon as everybody left, and at once where nobody was", async () => {
    const { hub } = await serveHub();
    const start = performance.now();
    await hub.drain({ deadlineMs: 60_000 });
    expect(performance.now() - start).toBeLessThan(5000);
    expect(() => hub.drain()).not.toThrow();
  });

  it("closes within the deadline whoever stays and reads nothing", async () => {
    const events: HubEvent[] = [];
    const { hub, ws } = await serveHub({ retainBytes: 1e8, onEvent: (event) => events.push(event) });
    const line = await dialTidewire(ws);
    line.hello({ subs: [{ t: "a" }] });
    await line.find(kind("live"));
    line.peer.pause();
    for (let n = 0; n < 60; n += 1) await hub.publish("a", "x".repeat(200_000));
    const start = performance.now();
    await hub.drain({ deadlineMs: 4000 });
    expect(performance.now() - start).toBeLessThan(5000);
    expect(hub.stats().lines).toBe(0);
    expect(events.map(({ name }) => name).filter((name) => name.includes("drain"))).toEqual([
      "tidewire.drain.started",
      "tidewire.drain.done",
    ]);
  }, 10_000);
});
