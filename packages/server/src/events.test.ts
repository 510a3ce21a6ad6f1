import { describe, expect, it, vi } from "vitest";
import { dialWs, readSse, refusedUpgrade, serveHub } from "./adapters/node.fixture.ts";
import type { HubEvent } from "./events.ts";
import { dialTidewire } from "./session/peer.fixture.ts";

const kind = (k: string) => (frame: { k?: string }) => frame.k === k;
const authenticate = ({ token, header }: { token?: string | undefined; header(name: string): string | undefined }) => {
  const id = token ?? header("x-user");
  return id ? { id } : undefined;
};

const isOfLines = ({ name }: HubEvent) => name.startsWith("tidewire.line.");

describe("onEvent", () => {
  const listen = async (options = {}) => {
    const events: HubEvent[] = [];
    const served = await serveHub({ onEvent: (event) => events.push(event), ...options });
    return { ...served, events };
  };

  it("hears of every line: who came over what, how long it stayed, and why it went", async () => {
    const { hub, ws, http, events } = await listen({ authenticate });
    const framed = await dialTidewire(ws);
    framed.hello({ token: "ann" });
    await framed.find(kind("welcome"));
    const stream = await readSse(`${http}/?topic=a`, { "x-user": "bob" });
    const plain = await dialWs(`${ws}/?topic=a`, { "x-user": "eve" });
    expect(events.filter(isOfLines)).toEqual([
      { name: "tidewire.line.opened", transport: "websocket", principal: "ann" },
      { name: "tidewire.line.opened", transport: "sse", principal: "bob" },
      { name: "tidewire.line.opened", transport: "websocket", principal: "eve" },
    ]);
    expect(hub.stats()).toMatchObject({ lines: 3, linesBy: { websocket: 2, sse: 1 }, linesOpened: 3 });
    events.length = 0;
    stream.abort();
    await expect.poll(() => events.filter(isOfLines).length).toBe(1);
    framed.send("not a frame");
    await expect.poll(() => events.filter(isOfLines).length).toBe(2);
    plain.send("not JSON");
    await expect.poll(() => events.filter(isOfLines).length).toBe(3);
    const durationMs = expect.any(Number);
    expect(events.filter(isOfLines)).toEqual([
      { name: "tidewire.line.closed", transport: "sse", principal: "bob", code: undefined, reason: "", durationMs },
      expect.objectContaining({
        transport: "websocket",
        principal: "ann",
        code: 4400,
        reason: "not a batch of frames",
      }),
      expect.objectContaining({ transport: "websocket", principal: "eve", code: 4400, reason: "not a JSON message" }),
    ]);
    expect(hub.stats().linesBy).toEqual({});
  });

  it("hears who reads what, from the first moment to the last", async () => {
    const { ws, http, events } = await listen({ authenticate });
    const framed = await dialTidewire(ws);
    framed.hello({ token: "ann", subs: [{ t: "a" }] });
    framed.send({ k: "sub", id: 1, t: "b" }, { k: "unsub", id: 2, t: "a" }, { k: "unsub", id: 3, t: "a" });
    await framed.find(({ id }) => id === 3);
    const stream = await readSse(`${http}/?topic=a&topic=b`, { "x-user": "bob" });
    await stream.read();
    const ann = { transport: "websocket", principal: "ann" };
    const bob = { transport: "sse", principal: "bob" };
    const joined = "tidewire.topic.joined";
    const left = "tidewire.topic.left";
    const ofTopics = () => events.filter((event) => !isOfLines(event));
    expect(ofTopics()).toEqual([
      { name: joined, topic: "a", ...ann },
      { name: joined, topic: "b", ...ann },
      { name: left, topic: "a", ...ann },
      { name: joined, topic: "a", ...bob },
      { name: joined, topic: "b", ...bob },
    ]);
    events.length = 0;
    framed.peer.terminate();
    await expect.poll(() => ofTopics().length).toBe(1);
    stream.abort();
    await expect.poll(ofTopics).toEqual([
      { name: left, topic: "b", ...ann },
      { name: left, topic: "a", ...bob },
      { name: left, topic: "b", ...bob },
    ]);
  });

  it("hears of who was not let in", async () => {
    const { hub, ws, http, events } = await listen({ authenticate });
    await fetch(`${http}/?topic=a`);
    await fetch(`${http}/`, { headers: { "x-user": "ann" } });
    await fetch(`${http}/?topic=a`, { headers: { origin: "https://evil.example" } });
    const line = await dialTidewire(ws);
    line.hello();
    await line.closed;
    expect(events.map((event) => event.name === "tidewire.line.refused" && event.code)).toEqual([401, 400, 403, 4401]);
    expect(hub.stats().linesRefused).toBe(4);
    await refusedUpgrade(`${ws}/?topic=a`);
    expect(hub.stats().linesRefused).toBe(5);
  });

  it("hears of gaps", async () => {
    const { hub, http, events } = await listen({ retainMessages: 1 });
    const first = await readSse(`${http}/?topic=a`);
    await hub.publish("a", 0);
    const [one] = await first.take(1);
    first.abort();
    for (const n of [1, 2, 3]) await hub.publish("a", n);
    const back = await readSse(`${http}/?topic=a`, { "Last-Event-ID": one?.id as string });
    await back.take(2);
    const gaps = events.filter(({ name }) => name === "tidewire.gap");
    expect(gaps).toEqual([{ name: "tidewire.gap", topic: "a", why: "trimmed", from: 1, to: 3 }]);
    expect(hub.stats()).toMatchObject({ gaps: 1, published: 4, maxLag: 0 });
    expect(hub.stats().bytesWritten).toBeGreaterThan(50);
  });

  it("that throws is reported and stops nothing", async () => {
    const onError = vi.fn();
    const { http } = await serveHub({
      onError,
      onEvent: () => {
        throw new Error("mine");
      },
    });
    expect((await fetch(`${http}/?topic=a`)).status).toBe(200);
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ message: "mine" }), "onEvent");
  });
});
