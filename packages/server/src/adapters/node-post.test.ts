import { createSseDecoder, decodeDown, type UpFrame, type UpResponse } from "@tidewire/wire";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { Engine } from "../engine.ts";
import { memory } from "../memory.ts";
import type { AnyFrame } from "../session/peer.fixture.ts";
import { serveHub } from "./node.fixture.ts";

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const hello = (more: object = {}) => JSON.stringify({ k: "hello", v: 1, gen: 1, subs: [], ...more });
const kind = (k: string) => (frame: AnyFrame) => frame.k === k;
const dataOf = (frames: AnyFrame[]) => frames.filter(Array.isArray).map(([, , , data]) => data);

async function openStream(url: string, body: string, headers: Record<string, string> = {}) {
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const response = await fetch(url, { method: "POST", body, headers, signal: abort.signal });
  const frames: AnyFrame[] = [];
  const ids: string[] = [];
  const decoder = createSseDecoder({
    onEvent(data, _type, id) {
      ids.push(id);
      frames.push(...(decodeDown(data) ?? []));
    },
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const find = async (fits: (frame: AnyFrame) => boolean): Promise<AnyFrame> => {
    for (;;) {
      const at = frames.findIndex(fits);
      if (at >= 0) return frames.splice(0, at + 1).pop();
      const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
      if (done) throw new Error("the stream ended");
      decoder.feed(value ?? "");
    }
  };
  return { response, find, ids, abort: () => abort.abort() };
}

async function up(url: string, body: object, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/up`, { method: "POST", body: JSON.stringify(body), headers });
  return { status: response.status, body: (await response.json()) as UpResponse };
}

async function poll(url: string, body: string) {
  const response = await fetch(`${url}/poll`, { method: "POST", body });
  expect(response.status).toBe(200);
  return decodeDown(await response.text()) as AnyFrame[];
}

describe("a stream that answers a hello", () => {
  it("carries the same frames as a WebSocket, without ids", async () => {
    const { hub, http } = await serveHub();
    await hub.publish("a", { text: "x\ny" });
    const stream = await openStream(http, hello({ subs: [{ t: "a", from: "earliest" }] }));
    expect(stream.response.headers.get("content-type")).toBe("text/event-stream");
    expect(await stream.find(kind("welcome"))).toMatchObject({ gen: 1, ack: 0 });
    const { a } = await stream.find(kind("sub"));
    expect(await stream.find(Array.isArray)).toEqual([a, 1, 0, { text: "x\ny" }]);
    await stream.find(kind("live"));
    await hub.publish("a", 2);
    expect(await stream.find(Array.isArray)).toEqual([a, 2, 1, 2]);
    expect(new Set(stream.ids)).toEqual(new Set([""]));
  });

  it("resumes from the vector alone, on whatever node", async () => {
    const engine = { ...memory(), close() {} };
    const [one, two] = [await serveHub({ engine }), await serveHub({ engine })];
    const first = await openStream(one.http, hello({ subs: [{ t: "a" }] }));
    const { e, o } = await first.find(kind("sub"));
    first.abort();
    for (const n of range(1, 3)) await one.hub.publish("a", n);
    const second = await openStream(two.http, hello({ sid: "from-one", gen: 2, subs: [{ t: "a", e, o }] }));
    for (const n of range(1, 3)) expect((await second.find(Array.isArray))[3]).toBe(n);
  });

  it.each([
    ["no hello", '{"k":"pong","ts":1}', 400],
    ["no JSON", "{", 400],
    ["another version", hello({ v: 9 }), 406],
    ["too many topics", hello({ subs: range(1, 101).map((n) => ({ t: String(n) })) }), 429],
    ["too large", hello({ more: "x".repeat(70_000) }), 413],
  ])("is refused for a body with %s", async (_what, body, status) => {
    const { http } = await serveHub();
    const response = await fetch(http, { method: "POST", body });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ k: "bye", code: expect.any(Number) });
  });

  it("is refused for pages of other hosts, and preflights tell allowed ones how", async () => {
    const { http } = await serveHub({ origins: ["https://friend.example"] });
    const evil = await fetch(http, { method: "POST", body: hello(), headers: { Origin: "https://evil.example" } });
    expect(evil.status).toBe(403);
    const ask = (origin: string) =>
      fetch(http, {
        method: "OPTIONS",
        headers: { Origin: origin, "Access-Control-Request-Headers": "authorization" },
      });
    expect((await ask("https://evil.example")).status).toBe(403);
    const allowed = await ask("https://friend.example");
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get("access-control-allow-headers")).toBe("authorization");
    const { body } = await up(http, { sid: "s", gen: 1, n: 1, frames: [] }, { Origin: "https://friend.example" });
    expect(body).toEqual({ ack: 0, frames: [] });
  });

  it("says bye when the hub closes", async () => {
    const { hub, http } = await serveHub();
    const stream = await openStream(http, hello());
    await stream.find(kind("welcome"));
    await hub.close();
    expect(await stream.find(kind("bye"))).toMatchObject({ code: 1012 });
    expect(hub.core.lines.size).toBe(0);
  });
});

describe("frames up by POST", () => {
  it("are done once and in order, acknowledged, and answered in the same response", async () => {
    const { hub, http } = await serveHub();
    const handler = vi.fn();
    hub.topic("a").onMessage((data) => handler(data));
    hub.onCall<number, number>("double", (n) => n * 2);
    const stream = await openStream(http, hello());
    const { sid } = await stream.find(kind("welcome"));
    const pub = (n: number): UpFrame => ({ k: "pub", n, t: "a", d: n });
    const send = (n: number, frames: UpFrame[]) => up(http, { sid, gen: 1, n, frames });
    expect(await send(1, [pub(1), pub(2)])).toEqual({ status: 202, body: { ack: 2, frames: [] } });
    expect(await send(1, [pub(1), pub(2)])).toEqual({ status: 202, body: { ack: 2, frames: [] } });
    expect(await send(3, [pub(5)])).toEqual({ status: 409, body: { ack: 2, frames: [] } });
    const { body } = await send(3, [pub(3), { k: "call", n: 4, id: 1, m: "double", d: 21 }]);
    expect(body).toEqual({ ack: 4, frames: [{ k: "ok", id: 1, d: 42 }] });
    expect(handler.mock.calls.map(([data]) => data)).toEqual([1, 2, 3]);
  });

  it("of an unknown session begin at the number that they name", async () => {
    const { hub, http } = await serveHub();
    hub.topic("a", { clientPublish: true });
    const frames = [{ k: "pub", n: 7, t: "a", d: "x" }];
    expect(await up(http, { sid: "elsewhere", gen: 3, n: 7, frames })).toMatchObject({ status: 202, body: { ack: 7 } });
  });

  it("go on where another node left off", async () => {
    const { hub, http } = await serveHub();
    hub.topic("a", { clientPublish: true });
    const send = (n: number) => up(http, { sid: "s", gen: 1, n, frames: [{ k: "pub", n, t: "a", d: n }] });
    expect(await send(1)).toMatchObject({ status: 202, body: { ack: 1 } });
    expect(await send(4)).toMatchObject({ status: 202, body: { ack: 4 } });
    expect(await send(2)).toMatchObject({ status: 202, body: { ack: 4 } });
    expect(hub.stats().published).toBe(2);
  });

  it("are done to their end when the hub closes, and then left to another node", async () => {
    const inner = memory();
    let isClosed = false;
    const close = () => {
      isClosed = true;
    };
    let append: () => void = () => {};
    const engine: Engine = {
      ...inner,
      close,
      append: (...args) =>
        new Promise((resolve, reject) => {
          append = () => (isClosed ? reject(new Error("closed")) : resolve(inner.append(...args)));
        }),
    };
    const { hub, http } = await serveHub({ engine });
    hub.topic("a", { clientPublish: true });
    const send = (n: number) => up(http, { sid: "s", gen: 1, n, frames: [{ k: "pub", n, t: "a", d: n }] });
    const sent = send(1);
    await expect.poll(() => hub.stats().published).toBe(1);
    const closed = hub.close();
    expect(await send(2)).toMatchObject({ status: 503 });
    append();
    expect(await sent).toEqual({ status: 202, body: { ack: 1, frames: [] } });
    await closed;
  });

  it("may all have gone to another node: a stream without a sign of life is asked to move before it ends", async () => {
    const { hub, http } = await serveHub({ heartbeatMs: 20 });
    const stream = await openStream(http, hello());
    const { after, why } = await stream.find(kind("move"));
    expect(why).toBe("rotate");
    expect(after).toBeLessThan(5);
    await expect.poll(() => hub.core.lines.size).toBe(0);
  });

  it("are a sign of life for the stream", async () => {
    const { hub, http } = await serveHub({ heartbeatMs: 20 });
    const stream = await openStream(http, hello());
    const { sid } = await stream.find(kind("welcome"));
    for (let pings = 0; pings < 8; pings += 1) {
      await stream.find(kind("ping"));
      await up(http, { sid, gen: 1, n: 1, frames: [{ k: "pong", ts: 1 }] });
    }
    expect(hub.core.lines.size).toBe(1);
    await stream.find(kind("bye")).catch(() => {});
    await expect.poll(() => hub.core.lines.size).toBe(0);
  });

  it.each(["", "{", "[]", '{"sid":"s"}'])("are refused when the body is %j", async (body) => {
    const { http } = await serveHub();
    expect((await fetch(`${http}/up`, { method: "POST", body })).status).toBe(400);
  });
});

describe("a poll", () => {
  it("answers a first visit at once, and a resumed one with what was missed", async () => {
    const { hub, http } = await serveHub();
    const first = await poll(http, hello({ subs: [{ t: "a" }] }));
    const { e, o } = first.find(kind("sub"));
    await hub.publish("a", 1);
    await hub.publish("a", 2);
    const second = await poll(http, hello({ subs: [{ t: "a", e, o }] }));
    expect(dataOf(second)).toEqual([1, 2]);
    expect(hub.core.lines.size).toBe(0);
  });

  it("is held until there is news", async () => {
    const { hub, http } = await serveHub();
    const [, { e, o }] = await poll(http, hello({ subs: [{ t: "a" }] }));
    const held = poll(http, hello({ subs: [{ t: "a", e, o }] }));
    await expect.poll(() => hub.core.lines.size).toBe(1);
    await hub.publish("a", "news");
    expect(dataOf(await held)).toEqual(["news"]);
  });

  it("ends without news when its time is over", async () => {
    const { http } = await serveHub();
    const [, { e, o }] = await poll(http, hello({ subs: [{ t: "a" }] }));
    expect(dataOf(await poll(http, hello({ wait: 10, subs: [{ t: "a", e, o }] })))).toEqual([]);
  });

  it("reads a long history in several answers, nothing lost or repeated", async () => {
    const { hub, http } = await serveHub({ retainBytes: 1e8 });
    for (const n of range(1, 500)) await hub.publish("a", { n, text: "x".repeat(4000) });
    let place: object = { from: "earliest" };
    const seen: number[] = [];
    let answers = 0;
    while (seen.length < 500) {
      const frames = await poll(http, hello({ subs: [{ t: "a", ...place }] }));
      answers += 1;
      const messages = frames.filter(Array.isArray);
      seen.push(...messages.map(([, , , { n }]) => n));
      place = { e: frames.find(kind("sub")).e, o: messages.at(-1)?.[1] };
    }
    expect(seen).toEqual(range(1, 500));
    expect(answers).toBeGreaterThan(2);
  });
});
