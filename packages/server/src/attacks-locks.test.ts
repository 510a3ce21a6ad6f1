import { refusal } from "@tidewire/wire";
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

  it("an answer that JSON has no word for is an accident, told once, and the line goes on", async () => {
    const onError = vi.fn();
    const { hub, ws, http } = await serveHub({ onError });
    const circle: { self?: unknown } = {};
    circle.self = circle;
    const answers: Record<string, unknown> = { circle, big: 1n, nan: { at: [Number.NaN] }, nothing: undefined };
    hub.onCall("get", (name) => answers[String(name)]);
    const line = await dialTidewire(ws);
    line.hello({ subs: [{ t: "a" }] });
    const { sid } = await line.find(kind("welcome"));
    for (const [index, d] of ["circle", "big", "nan"].entries()) {
      line.send({ k: "call", n: index + 1, id: index + 1, m: "get", d });
      expect(await line.find(({ id }) => id === index + 1)).toMatchObject({
        k: "err",
        code: 4500,
        msg: "internal error",
      });
    }
    expect(onError).toHaveBeenCalledTimes(3);
    expect(String(onError.mock.calls[2]?.[0])).toContain("NaN at .at[0]");
    line.send({ k: "call", n: 4, id: 4, m: "get", d: "nothing" });
    expect(await line.find(({ id }) => id === 4)).toMatchObject({ k: "ok", d: null });
    const frames = [{ k: "call", n: 5, id: 5, m: "get", d: "big" }];
    const posted = await fetch(`${http}/up`, { method: "POST", body: JSON.stringify({ sid, gen: 1, n: 5, frames }) });
    expect(await posted.json()).toMatchObject({ ack: 5, frames: [{ k: "err", id: 5, code: 4500 }] });
  });

  it("a refusal longer than a close can carry is cut between two characters", async () => {
    const { hub, ws } = await serveHub();
    hub.topic("a").onMessage(() => {
      throw refusal("too-long", "é".repeat(500));
    });
    const plain = await dialWs(`${ws}/?topic=a`);
    plain.send(1);
    expect(await plain.closed).toEqual({ code: 4422, reason: "é".repeat(61) });
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
