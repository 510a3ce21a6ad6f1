import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { dialWs, serveHub } from "../adapters/node.fixture.ts";
import { dialTidewire } from "./peer.fixture.ts";

const kind = (k: string) => (frame: { k?: string }) => frame.k === k;

/** Nothing else runs meanwhile: no timer, no socket. */
function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

describe("an event loop that is blocked for long", () => {
  it("costs nobody their line, though no sign of life could be heard", async () => {
    // Twenty-five periods of silence: ten times what a client is given.
    const { hub, ws } = await serveHub({ heartbeatMs: 20 });
    const framed = await dialTidewire(ws);
    framed.hello({ subs: [{ t: "a" }] });
    await framed.find(kind("live"));
    const plain = await dialWs(`${ws}/?topic=a`);
    framed.send({ k: "pong", ts: 1 });
    block(500);
    await setImmediate();
    await setImmediate();
    expect(hub.stats().lines).toBe(2);
    framed.send({ k: "pong", ts: 1 });
    await hub.publish("a", 1);
    expect(await framed.data(1)).toEqual([1]);
    expect(await plain.take(1)).toEqual([1]);
  });

  it("does not count against a hello that came in time", async () => {
    const { ws } = await serveHub({ helloTimeoutMs: 50 });
    const line = await dialTidewire(ws);
    line.hello();
    block(500);
    expect(await line.find(kind("welcome"))).toMatchObject({ gen: 1 });
  });

  it("spares nobody who stays silent after it", async () => {
    const { hub, ws } = await serveHub({ helloTimeoutMs: 50 });
    const line = await dialTidewire(ws);
    block(500);
    expect((await line.closed).code).toBe(4408);
    await expect.poll(() => hub.stats().lines).toBe(0);
  });
});
