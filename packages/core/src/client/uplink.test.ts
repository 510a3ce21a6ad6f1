import { expect, test } from "vitest";
import type { Clock } from "../connection/clock.ts";
import { Uplink } from "./uplink.ts";

/** A clock with one timer at a time in sight. */
function handClock() {
  let time = 0;
  const timers = new Set<{ due: number; run: () => void }>();
  const clock: Clock = {
    now: () => time,
    after(ms, run) {
      const timer = { due: time + ms, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
  };
  const advance = (ms: number): void => {
    time += ms;
    for (const timer of [...timers]) {
      if (timer.due > time) continue;
      timers.delete(timer);
      timer.run();
    }
  };
  return { clock, advance, timers };
}

const LIMITS = { maxMessages: 10, maxBytes: 10_000, timeoutMs: 1000 };
const pub = (d: unknown) => ({ k: "pub", t: "a", d }) as const;
const outcome = (sending: Promise<void>): Promise<unknown> =>
  sending.then(
    () => "done",
    ({ code }: { code: string }) => code,
  );

test("of what went up and was not answered in time nobody knows, and its number is kept for it", async () => {
  const { clock, advance } = handClock();
  const uplink = new Uplink(LIMITS, clock);
  const sending = outcome(uplink.add(pub("once")));
  expect(uplink.take()).toMatchObject([{ n: 1, d: "once" }]);
  advance(1000);
  expect(await sending).toBe("unconfirmed");
  uplink.rewind();
  expect(uplink.take()).toMatchObject([{ n: 1, d: "once" }]);
  uplink.ack(1);
  expect(uplink.isEmpty).toBe(true);
});

test("what never went up is not done, and leaves no hole in the numbers", async () => {
  const { clock, advance } = handClock();
  const uplink = new Uplink(LIMITS, clock);
  const first = outcome(uplink.add(pub(1)));
  advance(600);
  const second = outcome(uplink.add(pub(2)));
  advance(400);
  expect(await first).toBe("send-dropped");
  expect(uplink.take()).toMatchObject([{ n: 1, d: 2 }]);
  uplink.ack(1);
  expect(await second).toBe("done");
});

test("one timer serves all that waits, and none is left when nothing does", async () => {
  const { clock, advance, timers } = handClock();
  const uplink = new Uplink(LIMITS, clock);
  const sendings = [1, 2, 3].map((n) => outcome(uplink.add(pub(n))));
  expect(timers.size).toBe(1);
  uplink.take();
  uplink.ack(1);
  advance(1000);
  expect(await Promise.all(sendings)).toEqual(["done", "unconfirmed", "unconfirmed"]);
  expect(timers.size).toBe(0);
});

test("without a bound a send waits for ever", () => {
  const { clock, timers } = handClock();
  void new Uplink({ ...LIMITS, timeoutMs: Number.POSITIVE_INFINITY }, clock).add(pub(1));
  expect(timers.size).toBe(0);
});
