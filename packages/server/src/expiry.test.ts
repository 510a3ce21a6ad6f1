import { describe, expect, it, onTestFinished, vi } from "vitest";
import { dialWs, readSse, refusedUpgrade, serveHub } from "./adapters/node.fixture.ts";
import { createExpiry, type Expiring } from "./expiry.ts";
import { dialTidewire } from "./session/peer.fixture.ts";

const kind = (k: string) => (frame: { k?: string }) => frame.k === k;

describe("the clock of credentials", () => {
  const clock = () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    return createExpiry(Date.now);
  };
  const line = (inMs: number | undefined) => {
    const principal = { id: "ann", expiresAt: inMs === undefined ? undefined : Date.now() + inMs };
    return { principal, close: vi.fn() } satisfies Expiring;
  };

  it("ends each line when its credentials end, and no other", () => {
    const expiry = clock();
    const [soon, later, never] = [line(1000), line(5000), line(undefined)];
    for (const each of [later, soon, never]) expiry.watch(each);
    vi.advanceTimersByTime(999);
    expect(soon.close).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(soon.close).toHaveBeenCalledExactlyOnceWith(4511, expect.any(String));
    vi.advanceTimersByTime(4000);
    expect(later.close).toHaveBeenCalledTimes(1);
    expect(never.close).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("goes by renewed credentials, and leaves no timer when all are gone", () => {
    const expiry = clock();
    const renewed = { principal: { id: "ann", expiresAt: Date.now() + 1000 }, close: vi.fn() };
    expiry.watch(renewed);
    renewed.principal = { id: "ann", expiresAt: Date.now() + 9000 };
    expiry.watch(renewed);
    vi.advanceTimersByTime(8999);
    expect(renewed.close).not.toHaveBeenCalled();
    expiry.forget(renewed);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("waits longer than a timer can, and looks seldom however many end within a moment", () => {
    const expiry = clock();
    const far = line(3_000_000_000);
    expiry.watch(far);
    vi.advanceTimersByTime(2_999_999_999);
    expect(far.close).not.toHaveBeenCalled();
    vi.advanceTimersByTime(51);
    expect(far.close).toHaveBeenCalledTimes(1);
    const many = Array.from({ length: 1000 }, (_, index) => line(100 + index / 10));
    for (const each of many) expiry.watch(each);
    const timers = vi.spyOn(globalThis, "setTimeout");
    vi.advanceTimersByTime(300);
    expect(many.every(({ close }) => close.mock.calls.length === 1)).toBe(true);
    expect(timers.mock.calls.length).toBeLessThan(10);
    timers.mockRestore();
  });
});

describe("credentials that have ended read nothing", () => {
  /** A hub whose clock the test sets, so that nothing but the clock ends the credentials. */
  const serve = async () => {
    let now = Date.now();
    const expiresAt = now + 60_000;
    const served = await serveHub({ heartbeatMs: 40, now: () => now, authenticate: () => ({ id: "ann", expiresAt }) });
    const advance = (ms: number) => {
      now += ms;
    };
    return { ...served, advance };
  };

  it("on a plain event stream, a plain WebSocket and a line of the protocol: not one message more", async () => {
    const { hub, http, ws, advance } = await serve();
    const stream = await readSse(`${http}/?topic=a`);
    const plain = await dialWs(`${ws}/?topic=a`);
    const framed = await dialTidewire(ws);
    framed.hello({ subs: [{ t: "a" }] });
    await framed.find(kind("live"));
    await stream.read();
    await hub.publish("a", "before");
    expect(await stream.take(1)).toMatchObject([{ data: "before" }]);
    expect(await plain.take(1)).toEqual(["before"]);
    expect(await framed.data(1)).toEqual(["before"]);
    advance(60_000);
    await hub.publish("a", "after");
    expect(await stream.end()).toEqual([]);
    expect((await plain.closed).code).toBe(4511);
    expect(await framed.find((frame) => Array.isArray(frame) || frame.k === "bye")).toMatchObject({ code: 4511 });
  });

  it("and whoever comes with them is not let in", async () => {
    const { http, ws, advance } = await serve();
    advance(60_001);
    expect((await fetch(`${http}/?topic=a`)).status).toBe(401);
    expect(await refusedUpgrade(`${ws}/?topic=a`)).toMatchObject({ status: 401 });
    const framed = await dialTidewire(ws);
    framed.hello();
    expect((await framed.closed).code).toBe(4511);
    const body = JSON.stringify({ sid: "s", gen: 1, n: 1, frames: [] });
    expect((await fetch(`${http}/up`, { method: "POST", body })).status).toBe(401);
  });

  it("nor is anything taken that comes up their lines", async () => {
    const { hub, ws, advance } = await serve();
    const got = vi.fn();
    hub.topic("a").onMessage(got);
    const plain = await dialWs(`${ws}/?topic=a`);
    const framed = await dialTidewire(ws);
    framed.hello();
    await framed.find(kind("welcome"));
    advance(60_000);
    plain.send("late");
    framed.send({ k: "pub", n: 1, t: "a", d: "late" });
    await Promise.all([plain.closed, framed.closed]);
    expect(got).not.toHaveBeenCalled();
  });
});

describe("a permission that ends in the middle of a replay", () => {
  it("ends it at the next page, of each kind of line", async () => {
    let isRevoked = false;
    let asked = 0;
    const authorize = async () => {
      asked += 1;
      return !isRevoked;
    };
    const { hub, http, ws } = await serveHub({ authorize, retainMessages: 5000, retainBytes: 10_000_000 });
    for (let n = 0; n < 40; n += 1) await hub.publish("a", "x".repeat(50_000)); // pages hold 128 KiB
    const framed = await dialTidewire(ws);
    framed.peer.pause();
    framed.hello({ subs: [{ t: "a", from: "earliest" }] });
    const stream = await readSse(`${http}/?topic=a&from=earliest`);
    await expect.poll(() => asked).toBeGreaterThan(2);
    isRevoked = true;
    framed.peer.resume();
    const end = await framed.find(({ k }) => k === "end" || k === "live");
    expect(end).toMatchObject({ k: "end", t: "a", code: 4403 });
    expect((await stream.end()).length).toBeLessThan(40);
  });
});
