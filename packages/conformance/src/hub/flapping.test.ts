import { setTimeout as pause } from "node:timers/promises";
import {
  type Address,
  type Carrier,
  type HttpOptions,
  overPoll,
  overSse,
  overWebSocket,
  type WebSocketOptions,
} from "@tidewire/core";
import type { Hub } from "@tidewire/server";
import { expect, test } from "vitest";
import { startHub } from "./hub.fixture.ts";

const PER_SECOND = 1000;
const FLAPS = 10;
const FLAP_MS = 250;
const SENDS_PER_FLAP = 25;
/** Which kind of line follows which. Between two polls there is none. */
const AFTER: Readonly<Record<string, string>> = { sse: "poll", poll: "websocket", websocket: "sse" };

/** Each dial takes the other transport than the dial before. */
function byTurns(address: Address, options: HttpOptions & WebSocketOptions): Carrier {
  const carriers = [overWebSocket(address, options), overSse(address, options), overPoll(address, options)];
  let dials = 0;
  return {
    name: "by turns",
    canSubscribe: false,
    open(...given) {
      dials += 1;
      return (carriers[dials % 3] as Carrier).open(...given);
    },
  };
}

/** Publishes at a rate, however late the timers are. Gives the number of the last one. */
function publishSteadily(hub: Hub) {
  const start = performance.now();
  let published = 0;
  const timer = setInterval(() => {
    const due = ((performance.now() - start) / 1000) * PER_SECOND;
    for (; published < due; published += 1) void hub.publish("a", published + 1);
  }, 5);
  return () => {
    clearInterval(timer);
    return published;
  };
}

type World = Awaited<ReturnType<typeof startHub>>;
const kinds = (hub: Hub) => Object.keys(hub.stats().linesBy);
const polls = (now: readonly string[]) => now.length === 0 || now[0] === "poll";

test.each([
  ["handing over", ({ hub }: World) => [...hub.core.roster].map((member) => member.move?.(0))],
  ["being cut", ({ proxy }: World) => proxy.reset()],
])(
  "a client that flaps between WebSocket, SSE and long polls, each time by %s, loses nothing of 1 000 messages a second",
  async (_name, flap) => {
    const world = await startHub({ retainMessages: 100_000, retainBytes: 1e8 });
    const { hub, connect } = world;
    const sent: unknown[] = [];
    hub.topic("up").onMessage(async (data) => {
      sent.push(data);
      await pause(5); // so that an acknowledgement is nearly always still to come
    });
    const client = connect({ transport: byTurns, whileDown: "queue", retryBaseMs: 20, onError() {} });
    const topic = client.topic<number>("a");
    const up = client.topic<number>("up");
    const got: number[] = [];
    let gaps = 0;
    topic.gaps$.subscribe(() => {
      gaps += 1;
    });
    topic.subscribe((n) => got.push(n));
    await expect.poll(() => topic.status.status).toBe("open");

    const stop = publishSteadily(hub);
    const sends: Promise<void>[] = [];
    for (let turn = 1; turn <= FLAPS; turn += 1) {
      await expect.poll(() => kinds(hub).length, { interval: 1 }).toBe(1); // between two polls there is nobody to tell
      const [before = "poll"] = kinds(hub);
      flap(world);
      for (let n = 1; n <= SENDS_PER_FLAP; n += 1) {
        sends.push(up.send(sends.length + 1));
        await pause(FLAP_MS / SENDS_PER_FLAP);
      }
      const next = AFTER[before];
      const isThere = () => (next === "poll" ? polls(kinds(hub)) : kinds(hub)[0] === next);
      await expect.poll(isThere, { interval: 5 }).toBe(true);
    }
    const published = stop();
    await Promise.all(sends);
    await expect.poll(() => got.length, { timeout: 10_000 }).toBe(published);
    expect(got).toEqual(Array.from({ length: published }, (_, index) => index + 1));
    expect(sent).toEqual(Array.from({ length: FLAPS * SENDS_PER_FLAP }, (_, index) => index + 1));
    expect(gaps).toBe(0);
    expect(hub.stats().linesOpened).toBeGreaterThan(FLAPS);
  },
  60_000,
);
