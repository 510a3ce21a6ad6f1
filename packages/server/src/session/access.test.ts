import { describe, expect, it, vi } from "vitest";
import { refusedUpgrade, serveHub } from "../adapters/node.fixture.ts";
import { answerPings, dialTidewire } from "./peer.fixture.ts";

const kind = (k: string) => (frame: { k?: string }) => frame.k === k;

describe("who may do what", () => {
  const users = new Map([
    ["t-ann", "ann"],
    ["t-bob", "bob"],
  ]);
  const authenticate = ({ token }: { token?: string | undefined }) => {
    const id = users.get(token ?? "");
    return id ? { id } : undefined;
  };

  it("is asked at hello: no known token, no line", async () => {
    const { ws, http } = await serveHub({ authenticate });
    const line = await dialTidewire(ws);
    line.hello({ token: "t-eve" });
    expect((await line.closed).code).toBe(4401);
    expect(await refusedUpgrade(`${ws}/?topic=a`)).toMatchObject({ status: 401 });
    expect((await fetch(`${http}/?topic=a`)).status).toBe(401);
  });

  it("a stolen session id is refused", async () => {
    const { ws, http } = await serveHub({ authenticate });
    const ann = await dialTidewire(ws);
    ann.hello({ token: "t-ann" });
    const { sid } = await ann.find(kind("welcome"));
    const bob = await dialTidewire(ws);
    bob.hello({ token: "t-bob", sid, gen: 2 });
    expect((await bob.closed).code).toBe(4403);
    const body = JSON.stringify({ sid, gen: 1, n: 1, frames: [], token: "t-bob" });
    expect((await fetch(`${http}/up`, { method: "POST", body })).status).toBe(403);
  });

  it("is asked per topic: what is denied ends, the rest goes on", async () => {
    const authorize = vi.fn(
      (_who: unknown, topic: string, action: string) => topic !== "secret" && action === "subscribe",
    );
    const { hub, ws, http } = await serveHub({ authenticate, authorize });
    hub.topic("open", { clientPublish: true });
    const line = await dialTidewire(ws);
    line.hello({ token: "t-ann", subs: [{ t: "secret", e: 1, o: 1 }, { t: "open" }] });
    expect(await line.find(kind("end"))).toMatchObject({ t: "secret", code: 4403 });
    await hub.publish("secret", 1);
    await hub.publish("open", 2);
    expect(await line.data(1)).toEqual([2]);
    line.send({ k: "sub", id: 1, t: "secret" }, { k: "pub", n: 1, t: "open", d: 1 });
    expect(await line.find(kind("err"))).toMatchObject({ id: 1, code: 4403 });
    expect(await line.find(kind("err"))).toMatchObject({ n: 1, code: 4403 });
    expect(authorize).toHaveBeenCalledWith({ id: "ann" }, "open", "publish");
    const plain = await fetch(`${http}/?topic=secret`);
    expect(plain.status).toBe(401);
  });

  it("is asked again when a token is refreshed", async () => {
    let isBanned = false;
    const { hub, ws } = await serveHub({ authenticate, authorize: (_who, topic) => !(isBanned && topic === "a") });
    const line = await dialTidewire(ws);
    line.hello({ token: "t-ann", subs: [{ t: "a" }, { t: "b" }] });
    await line.find(kind("live"));
    line.send({ k: "auth", id: 1, token: "t-bob" }, { k: "auth", id: 2, token: "t-eve" });
    expect(await line.find(kind("err"))).toMatchObject({ id: 1, code: 4403 });
    expect(await line.find(kind("err"))).toMatchObject({ id: 2, code: 4401 });
    isBanned = true;
    line.send({ k: "auth", id: 3, token: "t-ann" });
    expect(await line.find(kind("ok"))).toEqual({ k: "ok", id: 3 });
    expect(await line.find(kind("end"))).toMatchObject({ t: "a", code: 4403 });
    await hub.publish("a", 1);
    await hub.publish("b", 2);
    expect(await line.data(1)).toEqual([2]);
  });

  it("ends with the token: notice, then 4511", async () => {
    const authenticate = () => ({ id: "ann", expiresAt: Date.now() + 150 });
    const { ws } = await serveHub({ heartbeatMs: 20, authenticate });
    const line = await dialTidewire(ws);
    answerPings(line);
    line.hello();
    expect((await line.find(kind("exp"))).in).toBeLessThanOrEqual(150);
    expect(await line.find(kind("bye"))).toMatchObject({ code: 4511 });
    expect((await line.closed).code).toBe(4511);
  });
});
