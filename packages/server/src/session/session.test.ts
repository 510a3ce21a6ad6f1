import { describe, expect, it, vi } from "vitest";
import { serveHub } from "../adapters/node.fixture.ts";
import { memory } from "../memory.ts";
import { answerPings, dialTidewire } from "./peer.fixture.ts";

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const kind = (k: string) => (frame: { k?: string }) => frame.k === k;

describe("hello", () => {
  it("is answered by welcome and a sub per topic, then live", async () => {
    const { hub, ws } = await serveHub({ node: "n1" });
    await hub.publish("a", 1);
    const line = await dialTidewire(ws);
    line.hello({ subs: [{ t: "a" }, { t: "b", from: "earliest" }] });
    const welcome = await line.next();
    expect(welcome).toMatchObject({ k: "welcome", v: 1, gen: 1, node: "n1", ping: 10_000, ack: 0, max: 65_536 });
    expect(welcome.sid).toMatch(/^[0-9a-f]{32}$/);
    const [a, b] = [await line.next(), await line.next()];
    expect(a).toMatchObject({ k: "sub", t: "a", o: 1, mode: "fresh" });
    expect(b).toMatchObject({ k: "sub", t: "b", o: 0, mode: "fresh" });
    expect([await line.next(), await line.next()]).toEqual([
      { k: "live", t: "a", o: 1 },
      { k: "live", t: "b", o: 0 },
    ]);
    expect(line.batches, "all of it in one frame").toBe(1);
    await hub.publish("a", 2);
    expect(await line.next()).toEqual([a.a, 2, 1, 2]);
  });

  it.each([
    ["a bad frame", { k: "pong", ts: 1 } as never, 4400],
    ["another version", { k: "hello", v: 2, gen: 1, subs: [] } as never, 4406],
    [
      "too many topics",
      { k: "hello", v: 1, gen: 1, subs: range(1, 101).map((n) => ({ t: String(n) })) } as never,
      4429,
    ],
    ["no JSON", "{" as never, 4400],
    ["two hellos", '{"k":"hello","v":1,"gen":1,"subs":[]}\n{"k":"hello","v":1,"gen":2,"subs":[]}' as never, 4400],
    ["too much", JSON.stringify({ k: "pub", n: 1, t: "a", d: "x".repeat(70_000) }) as never, 4413],
  ])("that is %s closes the line", async (_what, frame, code) => {
    const { ws } = await serveHub();
    const line = await dialTidewire(ws);
    line.send(frame);
    expect((await line.closed).code).toBe(code);
  });

  it("must come in time", async () => {
    const { hub, ws } = await serveHub({ helloTimeoutMs: 20 });
    const line = await dialTidewire(ws);
    expect(hub.core.lines.size).toBe(1);
    expect((await line.closed).code).toBe(4408);
    await expect.poll(() => hub.core.lines.size).toBe(0);
  });
});

describe("a resumed line", () => {
  it("goes on exactly where it stood, in as many topics as it had", async () => {
    const { hub, ws } = await serveHub();
    const vector = new Map<string, { e: number; o: number }>();
    const seen = new Map<string, unknown[]>();
    for (let visit = 1; visit <= 3; visit += 1) {
      const line = await dialTidewire(ws);
      line.hello({ gen: visit, subs: ["a", "b"].map((t) => ({ t, from: "earliest" as const, ...vector.get(t) })) });
      const names = new Map<number, string>();
      for (const n of range(1, 5)) for (const t of ["a", "b"]) void hub.publish(t, `${t}${visit}.${n}`);
      while ([...seen.values()].flat().length < visit * 20 - 10) {
        const frame = await line.next();
        if (frame.k === "sub") {
          names.set(frame.a, frame.t);
          vector.set(frame.t, { e: frame.e, o: frame.o });
        }
        if (!Array.isArray(frame)) continue;
        const t = names.get(frame[0]) as string;
        expect(frame[2]).toBe(vector.get(t)?.o);
        vector.set(t, { e: vector.get(t)?.e as number, o: frame[1] });
        seen.set(t, [...(seen.get(t) ?? []), frame[3]]);
      }
      line.peer.terminate();
      for (const n of range(6, 10)) for (const t of ["a", "b"]) void hub.publish(t, `${t}${visit}.${n}`);
    }
    for (const t of ["a", "b"]) {
      expect(seen.get(t)).toEqual(
        [1, 2, 3].flatMap((visit) => range(1, visit === 3 ? 5 : 10).map((n) => `${t}${visit}.${n}`)),
      );
    }
  });

  it("hears of trimmed history, of a new epoch, and of an offset that never was", async () => {
    const { hub, ws } = await serveHub({ retainMessages: 2, engine: memory({ now: () => 500 }) });
    for (const n of range(1, 5)) await hub.publish("a", n);
    const gapFor = async (e: number, o: number) => {
      const line = await dialTidewire(ws);
      line.hello({ subs: [{ t: "a", e, o }] });
      return line.find(kind("gap"));
    };
    expect(await gapFor(500, 1)).toEqual({ k: "gap", t: "a", e: 500, from: 1, to: 3, why: "trimmed" });
    expect(await gapFor(400, 9)).toEqual({ k: "gap", t: "a", e: 500, from: 9, to: 3, why: "epoch" });
    expect(await gapFor(500, 9)).toEqual({ k: "gap", t: "a", e: 500, from: 9, to: 5, why: "rollback" });
  });
});

describe("topics on a living line", () => {
  it("come with sub and go with unsub, and topics nobody reads are let go", async () => {
    const { hub, ws } = await serveHub();
    const line = await dialTidewire(ws);
    line.hello();
    line.send({ k: "sub", id: 7, t: "a" });
    const { a } = await line.find(kind("sub"));
    await hub.publish("a", 1);
    expect(await line.data(1)).toEqual([1]);
    line.send({ k: "sub", id: 8, t: "b" }, { k: "unsub", id: 9, t: "a" });
    expect(await line.find(kind("ok"))).toEqual({ k: "ok", id: 9 });
    await hub.publish("a", 2);
    await hub.publish("b", 3);
    const message = await line.find(Array.isArray);
    expect(message[0]).not.toBe(a);
    expect(message[3]).toBe(3);
    expect(hub.core.topics.size).toBe(2);
    line.send({ k: "sub", id: 10, t: "never" }, { k: "unsub", id: 11, t: "never" });
    await line.find((frame) => frame.id === 11);
    expect(hub.core.topics.size).toBe(2);
  });

  it("are capped", async () => {
    const { ws } = await serveHub({ maxTopicsPerLine: 3 });
    const line = await dialTidewire(ws);
    line.hello({ subs: [{ t: "a" }] });
    for (const id of range(1, 3)) line.send({ k: "sub", id, t: `b${id}` });
    expect(await line.find(kind("err"))).toMatchObject({ id: 3, code: 4529 });
  });

  it("share one frame for what one turn published", async () => {
    const { hub, ws } = await serveHub();
    const line = await dialTidewire(ws);
    line.hello({ subs: [{ t: "a" }, { t: "b" }, { t: "c" }] });
    await line.find((frame) => frame.k === "live" && frame.t === "c");
    const before = line.batches;
    for (const n of range(1, 30)) void hub.publish("abc"[n % 3] as string, n);
    await line.data(30);
    expect(line.batches - before).toBe(1);
  });
});

describe("the uplink", () => {
  it("does numbers once and in order, and acknowledges repeats without doing them again", async () => {
    const { hub, ws } = await serveHub();
    const handler = vi.fn();
    hub.topic("a").onMessage((data) => handler(data));
    const line = await dialTidewire(ws);
    line.hello();
    const { sid } = await line.find(kind("welcome"));
    line.send(...range(1, 3).map((n) => ({ k: "pub" as const, n, t: "a", d: n })));
    expect(await line.find(kind("ack"))).toEqual({ k: "ack", n: 3 });
    line.send({ k: "pub", n: 2, t: "a", d: 2 }, { k: "pub", n: 4, t: "a", d: 4 });
    expect(await line.find(kind("ack"))).toEqual({ k: "ack", n: 4 });
    line.send({ k: "pub", n: 6, t: "a", d: 6 });
    expect(await line.find(kind("ack")), "a number ahead is not done").toEqual({ k: "ack", n: 4 });
    line.peer.terminate();

    const next = await dialTidewire(ws);
    next.hello({ sid, gen: 2, n: 3 });
    expect(await next.next()).toMatchObject({ k: "welcome", sid, gen: 2, ack: 4 });
    next.send(...range(3, 5).map((n) => ({ k: "pub" as const, n, t: "a", d: n })));
    expect(await next.find(kind("ack"))).toEqual({ k: "ack", n: 5 });
    expect(handler.mock.calls.map(([data]) => data)).toEqual([1, 2, 3, 4, 5]);
  });

  it("appends a repeat once when another node is asked, and goes on when the first one is again", async () => {
    const engine = { ...memory(), close() {} };
    const [one, two] = [await serveHub({ engine }), await serveHub({ engine })];
    for (const { hub } of [one, two]) hub.topic("a", { clientPublish: true });
    const first = await dialTidewire(one.ws);
    first.hello();
    const { sid } = await first.find(kind("welcome"));
    first.send({ k: "pub", n: 1, t: "a", d: "x" });
    await first.find(kind("ack"));
    const second = await dialTidewire(two.ws);
    second.hello({ sid, gen: 2, n: 1, subs: [{ t: "a", from: "earliest" }] });
    second.send({ k: "pub", n: 1, t: "a", d: "x" }, { k: "pub", n: 2, t: "a", d: "y" });
    expect(await second.data(2)).toEqual(["x", "y"]);
    const back = await dialTidewire(one.ws);
    back.hello({ sid, gen: 3, n: 3 });
    expect(await back.find(kind("welcome"))).toMatchObject({ ack: 2 });
    back.send({ k: "pub", n: 3, t: "a", d: "z" });
    expect(await second.data(1)).toEqual(["z"]);
  });

  it("goes on where another node left off, after a hello and at a switch", async () => {
    const { hub, ws } = await serveHub();
    hub.topic("a", { clientPublish: true });
    const pub = (n: number) => ({ k: "pub" as const, n, t: "a", d: n });
    const first = await dialTidewire(ws);
    first.hello();
    const { sid } = await first.find(kind("welcome"));
    first.send(pub(1));
    await first.find(kind("ack"));
    const back = await dialTidewire(ws); // 2 to 4 were done elsewhere in the meantime
    back.hello({ sid, gen: 2, n: 5 });
    expect(await back.find(kind("welcome"))).toMatchObject({ ack: 4 });
    back.send(pub(5));
    expect(await back.find(kind("ack"))).toEqual({ k: "ack", n: 5 });
    back.send({ k: "switch", gen: 2, n: 8 }, pub(8)); // and 6 and 7 since the hello
    expect(await back.find(kind("ack"))).toEqual({ k: "ack", n: 8 });
  });

  it("says what was refused or failed, and goes on", async () => {
    const onError = vi.fn();
    const { hub, ws } = await serveHub({ onError });
    hub.topic("broken").onMessage(() => {
      throw new Error("broken");
    });
    const line = await dialTidewire(ws);
    line.hello();
    line.send({ k: "pub", n: 1, t: "broken", d: 1 }, { k: "pub", n: 2, t: "nobody", d: 1 });
    expect(await line.find(kind("err"))).toEqual({ k: "err", n: 1, code: 4500, msg: "internal error" });
    expect(await line.find(kind("err"))).toMatchObject({ n: 2, code: 4403 });
    expect(await line.find(kind("ack"))).toEqual({ k: "ack", n: 2 });
    expect(onError).toHaveBeenCalledTimes(1);
  });

  it("answers calls", async () => {
    const { hub, ws } = await serveHub({ onError: () => {} });
    hub.onCall<number[], number>("add", async ([a = 0, b = 0]) => a + b);
    hub.onCall("fail", () => Promise.reject(new Error("no")));
    const line = await dialTidewire(ws);
    line.hello();
    line.send({ k: "call", n: 1, id: 1, m: "add", d: [1, 2] });
    expect(await line.find(kind("ok"))).toEqual({ k: "ok", id: 1, d: 3 });
    line.send({ k: "call", n: 2, id: 2, m: "fail", d: 0 }, { k: "call", n: 3, id: 3, m: "none", d: 0 });
    expect(await line.find(kind("err"))).toMatchObject({ id: 2, code: 4500 });
    expect(await line.find(kind("err"))).toMatchObject({ id: 3, code: 4404 });
    expect(() => hub.onCall("add", () => 1)).toThrow(/already/);
  });
});

describe("a handover", () => {
  it("closes older lines at switch, and refuses older generations", async () => {
    const { hub, ws } = await serveHub();
    const a = await dialTidewire(ws);
    a.hello({ subs: [{ t: "x" }] });
    const { sid } = await a.find(kind("welcome"));
    const b = await dialTidewire(ws);
    b.hello({ sid, gen: 2, subs: [{ t: "x" }] });
    await b.find(kind("live"));
    await hub.publish("x", 1);
    expect([await a.data(1), await b.data(1)]).toEqual([[1], [1]]);
    b.send({ k: "switch", gen: 2 });
    expect((await a.closed).code).toBe(4610);
    const late = await dialTidewire(ws);
    late.hello({ sid, gen: 2 });
    expect((await late.closed).code).toBe(4409);
    await hub.publish("x", 2);
    expect(await b.data(1)).toEqual([2]);
  });
});

describe("liveness", () => {
  it("pings a silent line, and frees one whose client gives no sign", async () => {
    const { hub, ws } = await serveHub({ heartbeatMs: 20 });
    const silent = await dialTidewire(ws);
    silent.hello();
    const alive = await dialTidewire(ws);
    answerPings(alive);
    alive.hello();
    await silent.find(kind("ping"));
    expect((await silent.closed).code).toBe(4504);
    expect(alive.peer.readyState).toBe(alive.peer.OPEN);
    await expect.poll(() => hub.core.lines.size).toBe(1);
  });
});
