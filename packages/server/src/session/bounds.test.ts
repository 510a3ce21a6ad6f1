import { describe, expect, it, vi } from "vitest";
import { dialWs, readSse, serveHub } from "../adapters/node.fixture.ts";
import { resolveOptions } from "../options.ts";
import { createBounds } from "./bounds.ts";
import { dialTidewire } from "./peer.fixture.ts";

const kind = (k: string) => (frame: { k?: string }) => frame.k === k;
const up = (http: string, sid: string, count: number, headers: Record<string, string> = {}) =>
  fetch(`${http}/up`, {
    method: "POST",
    headers,
    body: JSON.stringify({
      sid,
      gen: 1,
      n: 1,
      frames: Array.from({ length: count }, (_, index) => ({ k: "pub", n: index + 1, t: "a", d: 1 })),
    }),
  });

describe("what one principal and one address may do", () => {
  it("is counted together, whatever sessions it invents", async () => {
    let got = 0;
    const { hub, http } = await serveHub({ maxInboundPerSecond: 1, sessionsPerAddress: 2 }); // 20 at once
    hub.topic("a").onMessage(() => {
      got += 1;
    });
    const answers: number[] = [];
    for (let n = 0; n < 10; n += 1) answers.push((await up(http, `invented-${n}`, 5)).status);
    expect(answers.slice(0, 3)).toEqual([202, 202, 202]);
    expect(answers.at(-1)).toBe(429);
    expect(got).toBeLessThanOrEqual(20);
    expect(hub.stats().linesLimited).toBeGreaterThan(0);
  });

  it("is counted by principal where that is known: others of the same address go on", async () => {
    const authenticate = ({ header }: { header(name: string): string | undefined }) => ({ id: header("x-user") ?? "" });
    const { hub, http } = await serveHub({ authenticate, maxInboundPerSecond: 1, sessionsPerPrincipal: 1 });
    hub.topic("a").onMessage(() => {});
    const statusOf = async (user: string, sid: string) => (await up(http, sid, 5, { "x-user": user })).status;
    expect([await statusOf("ann", "1"), await statusOf("ann", "2"), await statusOf("ann", "3")]).toEqual([
      202, 202, 429,
    ]);
    expect(await statusOf("bob", "4")).toBe(202);
  });

  it("counts hellos and plain requests, before anybody is asked who they are", async () => {
    let asked = 0;
    const authenticate = () => {
      asked += 1;
      return undefined;
    };
    const { http, ws } = await serveHub({ authenticate, maxInboundPerSecond: 1, sessionsPerAddress: 1 }); // 10 at once
    for (let n = 0; n < 30; n += 1) await fetch(`${http}/?topic=a`);
    expect(asked).toBeLessThanOrEqual(11);
    expect((await fetch(`${http}/?topic=a`)).status).toBe(429);
    const framed = await dialTidewire(ws);
    framed.hello();
    expect((await framed.closed).code).toBe(4529);
  });

  it("counts what is replayed: further sessions get no more of it", async () => {
    const { hub, ws } = await serveHub({ maxReplayBytesPerMinute: 200, sessionsPerAddress: 2 });
    for (let n = 0; n < 10; n += 1) await hub.publish("a", "x".repeat(15));
    const replayed = async () => {
      const framed = await dialTidewire(ws);
      framed.hello({ subs: [{ t: "a", from: "earliest" }] });
      const frame = await framed.find((one) => kind("gap")(one) || kind("live")(one));
      return frame.k === "live";
    };
    expect([await replayed(), await replayed(), await replayed()]).toEqual([true, true, false]);
  });

  it("counts what plain lines have replayed, too: they go on with what is new, after a gap", async () => {
    const { hub, http, ws } = await serveHub({ maxReplayBytesPerMinute: 200, sessionsPerAddress: 2 });
    for (let n = 0; n < 10; n += 1) await hub.publish("a", `${n} of fifteen..`);
    for (const _ of [1, 2]) {
      const stream = await readSse(`${http}/?topic=a&from=earliest`);
      expect((await stream.take(10)).every(({ type }) => type === "a")).toBe(true);
    }
    const greedy = await readSse(`${http}/?topic=a&from=earliest`);
    expect(await greedy.take(1)).toMatchObject([{ type: "gap", data: { topic: "a", from: 0, to: 10, why: "limit" } }]);
    await hub.publish("a", "new");
    expect(await greedy.take(1)).toMatchObject([{ type: "a", data: "new" }]);
    const several = await dialWs(`${ws}/?topic=a&topic=b&from=earliest`);
    expect(await several.take(1)).toEqual([{ topic: "a", gap: { from: 0, to: 11, why: "limit" } }]);
    const wordless = await dialWs(`${ws}/?topic=a&from=earliest`);
    expect((await wordless.closed).code).toBe(4508);
    const modest = await readSse(`${http}/?topic=a`);
    await hub.publish("a", "newer");
    expect(await modest.take(1)).toMatchObject([{ type: "a", data: "newer" }]);
  });

  it("goes by the address that a proxy says", async () => {
    const addressOf = ({ headers }: { headers: NodeJS.Dict<string | string[]> }) => String(headers["x-forwarded-for"]);
    const { hub, http } = await serveHub({ addressOf, maxInboundPerSecond: 1, sessionsPerAddress: 1 });
    hub.topic("a").onMessage(() => {});
    const statusOf = async (address: string, sid: string) =>
      (await up(http, sid, 4, { "x-forwarded-for": address })).status;
    expect([await statusOf("1.2.3.4", "1"), await statusOf("1.2.3.4", "2"), await statusOf("1.2.3.4", "3")]).toEqual([
      202, 202, 429,
    ]);
    expect(await statusOf("5.6.7.8", "4")).toBe(202);
    expect([await statusOf("2001:db8:1:2::1", "5"), await statusOf("2001:db8:1:2:3::9", "6")]).toEqual([202, 202]);
    expect(await statusOf("2001:db8:1:2:ffff::", "7")).toBe(429); // the same /64
  });

  it("outlives an `addressOf` that throws: that request fails, and no other", async () => {
    const onError = vi.fn();
    const addressOf = ({ headers }: { headers: NodeJS.Dict<string | string[]> }) =>
      (headers["x-forwarded-for"] as string).split(",")[0];
    const { http, ws } = await serveHub({ addressOf, onError });
    await expect(fetch(`${http}/?topic=a`)).rejects.toThrow();
    await expect(dialWs(`${ws}/?topic=a`)).rejects.toThrow();
    expect(onError).toHaveBeenCalledTimes(2);
    expect((await fetch(`${http}/?topic=a`, { headers: { "x-forwarded-for": "1.2.3.4, 5.6.7.8" } })).status).toBe(200);
  });

  it("bounds plain WebSockets, too", async () => {
    const { hub, ws } = await serveHub({ maxInboundPerSecond: 1, sessionsPerAddress: 1 });
    hub.topic("a").onMessage(() => {});
    const [one, two] = [await dialWs(`${ws}/?topic=a`), await dialWs(`${ws}/?topic=a`)];
    for (let n = 0; n < 5; n += 1) one.send(n);
    for (let n = 0; n < 5; n += 1) two.send(n);
    expect((await two.closed).code).toBe(4529);
  });

  it("knows so many and no more", () => {
    const bounds = createBounds(resolveOptions({ maxInboundPerSecond: 1, sessionsPerAddress: 1 }));
    const doer = (n: number) => ({ principal: undefined, address: `${n}` });
    for (let n = 0; n < 20_000; n += 1) bounds.take("inbound", doer(n), 10);
    expect(bounds.take("inbound", doer(19_999), 10)).toBeGreaterThan(0);
    expect(bounds.take("inbound", doer(0), 10)).toBe(0); // forgotten
  });
});
