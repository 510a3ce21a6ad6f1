import { describe, expect, it, vi } from "vitest";
import { dialWs, readSse, refusedUpgrade, serveHub } from "./adapters/node.fixture.ts";
import { dialTidewire } from "./session/peer.fixture.ts";

const kind = (k: string) => (frame: { k?: string }) => frame.k === k;
const EVIL = { origin: "https://evil.example" };
const HELLO = { k: "hello", v: 1, gen: 1, subs: [{ t: "a" }] };
const post = (body: unknown, headers = {}) => ({ method: "POST", body: JSON.stringify(body), headers });

describe("who may not come in", () => {
  it("a page of another site opens no WebSocket and sends no POST", async () => {
    const { hub, http, ws } = await serveHub();
    const got = vi.fn();
    hub.topic("a", { clientPublish: true }).onMessage(got);
    expect(await refusedUpgrade(`${ws}/?topic=a`, EVIL)).toMatchObject({ status: 403 });
    expect((await fetch(http, post(HELLO, EVIL))).status).toBe(403);
    const up = { sid: "s", gen: 1, n: 1, frames: [{ k: "pub", n: 1, t: "a", d: 1 }] };
    expect((await fetch(`${http}/up`, post(up, EVIL))).status).toBe(403);
    expect(got).not.toHaveBeenCalled();
    expect(hub.stats()).toMatchObject({ lines: 0, sessions: 0 });
  });

  it("a topic that is not allowed is not read, live or replayed, over any transport", async () => {
    const { hub, http, ws } = await serveHub({ authorize: (_who, topic) => topic !== "secret" });
    const { e } = await hub.publish("secret", "hidden");
    for (const query of [
      "topic=secret",
      "topic=a&topic=secret",
      `topic=secret&lastEventId=secret=${e.toString(36)}.0`,
    ]) {
      expect((await fetch(`${http}/?${query}&from=earliest`)).status).toBe(403);
      expect(await refusedUpgrade(`${ws}/?${query}`)).toMatchObject({ status: 403 });
    }
    const line = await dialTidewire(ws);
    line.hello({ subs: [{ t: "secret", e, o: 0 }, { t: "secret", from: "earliest" }, { t: "a" }] });
    for (let i = 0; i < 2; i += 1) expect(await line.find(kind("end"))).toMatchObject({ t: "secret", code: 4403 });
    const poll = await fetch(`${http}/poll`, post({ ...HELLO, subs: [{ t: "secret", e, o: 0 }, { t: "a" }] }));
    expect(await poll.text()).not.toContain("hidden");
    await hub.publish("secret", "hidden too");
    await hub.publish("a", "open");
    expect(await line.data(1)).toEqual(["open"]);
  });

  it("a client publishes nowhere unless the topic takes it", async () => {
    const { hub, http, ws } = await serveHub();
    const plain = await dialWs(`${ws}/?topic=a`);
    const line = await dialTidewire(ws);
    line.hello();
    line.send({ k: "pub", n: 1, t: "a", d: "forged" });
    expect(await line.find(kind("err"))).toMatchObject({ n: 1, code: 4403 });
    const up = await fetch(
      `${http}/up`,
      post({ sid: "s", gen: 1, n: 1, frames: [{ k: "pub", n: 1, t: "a", d: "forged" }] }),
    );
    expect(await up.json()).toMatchObject({ frames: [{ k: "err", code: 4403 }] });
    plain.send("forged");
    plain.send('"forged"');
    await plain.closed;
    expect(hub.stats().published).toBe(0);
  });

  it("exceptions in the application's hooks refuse or close one line, and end nothing else", async () => {
    const onError = vi.fn();
    const fail = () => {
      throw new Error("mine");
    };
    const { http, ws, hub } = await serveHub({
      onError,
      authenticate: ({ token }) => (token === "bad" ? fail() : { id: "ann" }),
      authorize: (_who, topic) => (topic === "bad" ? fail() : true),
    });
    hub.topic("up").onMessage(fail);
    hub.onCall("bad", fail);
    const refused = await dialTidewire(ws);
    refused.hello({ token: "bad" });
    expect((await refused.closed).code).toBe(4500);
    expect((await fetch(`${http}/?topic=bad`)).status).toBe(403);
    const plain = await dialWs(`${ws}/?topic=up`);
    plain.send("1");
    expect((await plain.closed).code).toBe(4500);
    const line = await dialTidewire(ws);
    line.hello({ subs: [{ t: "bad" }, { t: "a" }] });
    expect(await line.find(kind("end"))).toMatchObject({ t: "bad", code: 4403 });
    line.send({ k: "pub", n: 1, t: "up", d: 1 }, { k: "call", n: 2, id: 7, m: "bad", d: 1 });
    expect(await line.find(kind("err"))).toMatchObject({ n: 1, code: 4500, msg: "internal error" });
    expect(await line.find(kind("err"))).toMatchObject({ id: 7, code: 4500, msg: "internal error" });
    await hub.publish("a", 1);
    expect(await line.data(1)).toEqual([1]);
    expect(onError).toHaveBeenCalledTimes(6);
  });

  it("one address holds no more lines than it may, and may again when it lets go", async () => {
    const { http, ws } = await serveHub({
      maxLinesPerAddress: 2,
      addressOf: ({ headers }) => String(headers["x-from"]),
    });
    const from = (address: string) => ({ "x-from": address });
    const first = await readSse(`${http}/?topic=a`, from("2001:db8:1:2::1"));
    await dialWs(`${ws}/?topic=a`, from("2001:db8:1:2:ffff::9"));
    const refused = await fetch(`${http}/?topic=a`, { headers: from("2001:db8:1:2::3") });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await refusedUpgrade(`${ws}/?topic=a`, from("2001:db8:1:2::4"))).toMatchObject({ status: 429 });
    await readSse(`${http}/?topic=a`, from("2001:db8:1:3::1"));
    first.abort();
    await expect
      .poll(async () => (await readSse(`${http}/?topic=a`, from("2001:db8:1:2::5"))).response.status)
      .toBe(200);
  });
});
