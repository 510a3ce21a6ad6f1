import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "../connection/clock.ts";
import type { CarrierEvents } from "./carrier.ts";
import { createPoster } from "./poster.ts";

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** A poster whose owner always has one frame more, and what it told. */
function poster(answer: () => Response) {
  const told: unknown[] = [];
  const send = (): void => line.sendNumbered([{ k: "pub", t: "t", d: 0, n: 1 }], { sid: "s", gen: 1, n: 1 });
  const events: CarrierEvents = {
    frames: (frames) => told.push(frames),
    hello: async () => ({ k: "hello", v: 1, gen: 1, subs: [] }),
    alive() {},
    ready: send,
    rewind: () => told.push("rewind"),
    closed: (end) => told.push(end),
  };
  const fetch = vi.fn(async () => answer());
  const line = createPoster(
    "https://hub.test/realtime",
    { fetch },
    { lastEventId: "", token: undefined },
    events,
    systemClock,
  );
  send();
  return { line, fetch, told };
}

test("a hub that says again and again that numbers are missing is not hammered", async () => {
  const { line, fetch, told } = poster(() => Response.json({ ack: 0 }, { status: 409 }));
  await vi.advanceTimersByTimeAsync(499);
  expect(fetch).toHaveBeenCalledTimes(1);
  expect(told).toEqual([[{ k: "ack", n: 0 }]]);
  expect(line.isReady).toBe(false);
  await vi.advanceTimersByTimeAsync(9501);
  expect(fetch).toHaveBeenCalledTimes(21);
  expect(told.filter((word) => word === "rewind")).toHaveLength(20);
});

test("what was done makes room for more at once", async () => {
  let answers = 0;
  const { fetch } = poster(() => {
    answers += 1;
    return answers < 5 ? Response.json({ ack: answers }, { status: 202 }) : new Response(null, { status: 503 });
  });
  await vi.advanceTimersByTimeAsync(0);
  expect(fetch).toHaveBeenCalledTimes(5);
});

test("nothing is posted after the line is closed", async () => {
  const { line, fetch } = poster(() => Response.json({ ack: 0 }, { status: 409 }));
  await vi.advanceTimersByTimeAsync(0);
  line.close();
  expect(vi.getTimerCount()).toBe(0);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(fetch).toHaveBeenCalledTimes(1);
});
