import { describe, expect, it, vi } from "vitest";
import { createHub } from "../hub.ts";
import { toFetchHandler } from "./fetch.ts";

const url = "http://hub.example/realtime";
const hello = JSON.stringify({ k: "hello", v: 1, gen: 1, subs: [{ t: "a" }] });

describe("a handler of the Fetch standard", () => {
  it("answers its path and what is below it, and no other", async () => {
    const hub = createHub();
    const handler = toFetchHandler(hub, { path: "/realtime" });
    const statuses = ["/realtime/up", "/realtime/poll", "/realtime", "/other", "/realtime/other"].map(
      async (path) => (await handler(new Request(new URL(path, url), { method: "POST", body: "{}" }))).status,
    );
    expect(await Promise.all(statuses)).toEqual([400, 400, 400, 404, 404]);
    expect(() => toFetchHandler(hub, { path: "realtime" })).toThrow(/slash/);
    await hub.close();
  });

  it("cuts a body short that drips", async () => {
    const hub = createHub({ helloTimeoutMs: 30 });
    const cancel = vi.fn();
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode("{")),
      cancel,
    });
    const request = new Request(url, { method: "POST", body, duplex: "half" } as RequestInit);
    expect((await toFetchHandler(hub)(request)).status).toBe(400);
    expect(cancel).toHaveBeenCalled();
    await hub.close();
  });

  it("lets a line go when the runtime says only by the signal that the client left", async () => {
    const hub = createHub();
    const handler = toFetchHandler(hub);
    for (const ask of [{ method: "POST", body: hello }, {}]) {
      const gone = new AbortController();
      const path = ask.method ? url : `${url}?topic=a`;
      const response = await handler(new Request(path, { ...ask, signal: gone.signal }));
      expect(response.status).toBe(200);
      expect(hub.stats().lines).toBe(1);
      gone.abort();
      expect(hub.stats().lines).toBe(0);
    }
    await hub.close();
  });

  it("bounds an address, with IPv6 a /64, where the runtime says it", async () => {
    const hub = createHub({ maxInboundPerSecond: 1, sessionsPerAddress: 1 }); // 10 at once
    const handler = toFetchHandler(hub, { addressOf: ({ headers }) => headers.get("x-from") ?? undefined });
    const statusFrom = async (from: string) => {
      const body = JSON.stringify({
        sid: from,
        gen: 1,
        n: 1,
        frames: [
          { k: "pong", ts: 1 },
          { k: "pong", ts: 1 },
        ],
      });
      return (await handler(new Request(`${url}/up`, { method: "POST", body, headers: { "x-from": from } }))).status;
    };
    const statuses: number[] = [];
    for (const n of [1, 2, 3, 4]) statuses.push(await statusFrom(`2001:db8:1:2::${n}`));
    expect(statuses).toEqual([202, 202, 202, 429]);
    expect(await statusFrom("2001:db8:1:3::1")).toBe(202);
    await hub.close();
  });

  it("answers 500 and tells onError when our own side fails", async () => {
    const onError = vi.fn();
    const hub = createHub({ onError });
    const handler = toFetchHandler(hub, {
      origins: () => {
        throw new Error("mine");
      },
    });
    const request = new Request(url, { headers: { origin: "https://a.example" } });
    expect((await handler(request)).status).toBe(500);
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ message: "mine" }), "answering a request");
    await hub.close();
  });
});
