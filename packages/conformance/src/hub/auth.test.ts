import { overPoll, overSse, overWebSocket } from "@tidewire/core";
import type { HubEvent } from "@tidewire/server";
import { jwt } from "@tidewire/server/jwt";
import { SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { startHub } from "./hub.fixture.ts";

const key = new TextEncoder().encode("a secret that is long enough for HS256");
const sign = (sub: string, livesMs: number) =>
  new SignJWT({ sub, exp: (Date.now() + livesMs) / 1000 }).setProtectedHeader({ alg: "HS256" }).sign(key);
const verify = jwt({ key, algorithms: ["HS256"], clockToleranceMs: 0 });

describe.each([
  ["WebSocket", overWebSocket],
  ["SSE", overSse],
  ["long polls", overPoll],
] as const)("credentials over %s", (_name, transport) => {
  const start = async (options = {}) => {
    const events: HubEvent[] = [];
    const world = await startHub({
      heartbeatMs: 200,
      authenticate: verify,
      onEvent: (event) => void events.push(event),
      ...options,
    });
    const opened = () => events.filter(({ name }) => name === "tidewire.line.opened").length;
    const closedWith = () => events.flatMap((event) => (event.name === "tidewire.line.closed" ? [event.code] : []));
    return { ...world, opened, closedWith };
  };

  test("that end are renewed on the line that is open, and nothing is lost or dialled again", async () => {
    const { hub, connect, opened, closedWith } = await start();
    let asked = 0;
    const auth = () => {
      asked += 1;
      return sign("ann", 1500);
    };
    const topic = connect({ transport, auth }).topic<number>("a");
    const got: number[] = [];
    topic.subscribe((n) => got.push(n));
    await expect.poll(() => topic.status.status).toBe("open");
    for (let n = 1; asked < 3; n += 1) {
      await hub.publish("a", n);
      await expect.poll(() => got.length).toBe(n);
    }
    // Each poll is a request of its own, with the token of its time.
    if (transport !== overPoll) expect(opened()).toBe(1);
    expect(closedWith().filter((code) => code !== undefined)).toEqual([]);
    expect(got).toEqual(got.map((_, index) => index + 1));
  }, 15_000);

  test("that cannot be renewed end the line with 4511, and a fresh token resumes it", async () => {
    const { hub, connect, closedWith } = await start();
    let isDown = false;
    const auth = async () => {
      if (isDown) throw new Error("the login server is down");
      return sign("ann", 1000);
    };
    const topic = connect({ transport, auth, onError: () => {} }).topic<number>("a");
    const got: number[] = [];
    topic.subscribe((n) => got.push(n));
    await expect.poll(() => topic.status.status).toBe("open");
    isDown = true;
    if (transport === overPoll) await expect.poll(() => topic.status.status, { timeout: 5000 }).toBe("waiting");
    else await expect.poll(closedWith, { timeout: 5000 }).toContain(4511);
    await hub.publish("a", 1);
    isDown = false;
    await expect.poll(() => got, { timeout: 10_000 }).toEqual([1]);
  }, 20_000);

  test("that were revoked end the line, and the client fails when it gets no others", async () => {
    const banned = new Set<string>();
    const { hub, connect } = await start({
      authenticate: async (request: Parameters<typeof verify>[0]) => {
        const who = await verify(request);
        return who && !banned.has(who.id) ? who : undefined;
      },
    });
    const topic = connect({ transport, auth: () => sign("ann", 60_000) }).topic<number>("a");
    topic.subscribe({ error: () => {} });
    const other = connect({ transport, auth: () => sign("bob", 60_000) }).topic<number>("a");
    const got: number[] = [];
    other.subscribe((n) => got.push(n));
    await expect.poll(() => [topic.status.status, other.status.status]).toEqual(["open", "open"]);
    banned.add("ann");
    expect(hub.revoke("ann")).toBe(1);
    await expect.poll(() => topic.status).toMatchObject({ status: "failed", error: { code: "unauthenticated" } });
    await hub.publish("a", 1);
    await expect.poll(() => got).toEqual([1]);
  });

  test("that are wrong from the start never open", async () => {
    const { connect, opened } = await start();
    const topic = connect({ transport, auth: () => "nonsense" }).topic("a");
    topic.subscribe({ error: () => {} });
    await expect.poll(() => topic.status).toMatchObject({ status: "failed", error: { code: "unauthenticated" } });
    expect(opened()).toBe(0);
  });

  test("a hub that drains goes on giving, and whoever stays to the end waits for the next one", async () => {
    const { hub, connect } = await start({ authenticate: undefined });
    const topic = connect({ transport }).topic<number>("a");
    const got: number[] = [];
    let gaps = 0;
    topic.gaps$.subscribe(() => {
      gaps += 1;
    });
    topic.subscribe((n) => got.push(n));
    await expect.poll(() => topic.status.status).toBe("open");
    await hub.publish("a", 1);
    const drained = hub.drain({ deadlineMs: 1000 });
    await hub.publish("a", 2);
    await expect.poll(() => got).toEqual([1, 2]);
    await drained;
    expect(gaps).toBe(0);
    // Nobody else is there to take it: it waits, and does not give up.
    await expect.poll(() => topic.status.status).toBe("waiting");
  });
});
