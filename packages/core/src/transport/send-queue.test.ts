import { text } from "@tidewire/wire";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "../connection/clock.ts";
import { createSendQueue } from "./send-queue.ts";
import type { Sendable, TwoWayLine } from "./transport.ts";
import type { UplinkOptions } from "./uplink.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
});

function queueOf(options: UplinkOptions = {}) {
  const sent: Sendable[] = [];
  const line = { bufferedAmount: 0, send: (payload: Sendable) => void sent.push(payload), close: () => {} };
  const world = { line: undefined as (TwoWayLine & { bufferedAmount: number }) | undefined, sent, full: line };
  const queue = createSendQueue({ codec: text, ...options }, systemClock, () => world.line);
  const open = (): void => {
    world.line = line;
    queue.lineChanged(false);
  };
  return { world, queue, open, line };
}

test("an open line takes a message at once", async () => {
  const { queue, world, open } = queueOf();
  open();
  await queue.send("a", false);
  expect(world.sent).toEqual(["a"]);
  expect(vi.getTimerCount()).toBe(0);
});

test("without a line a send is refused, and says what to do", async () => {
  const { queue } = queueOf();
  await expect(queue.send("a", false)).rejects.toMatchObject({ code: "not-open" });
});

test("a full line makes sends wait until it has drained, in order", async () => {
  const { queue, world, open, line } = queueOf({ highWaterMark: 10 });
  open();
  line.bufferedAmount = 11;
  const both = Promise.all([queue.send("a", false), queue.send("b", false)]);
  vi.advanceTimersByTime(50);
  expect(world.sent).toEqual([]);
  line.bufferedAmount = 10;
  vi.advanceTimersByTime(10);
  await both;
  expect(world.sent).toEqual(["a", "b"]);
  expect(vi.getTimerCount()).toBe(0);
});

test("a volatile message that would have to wait is dropped in silence", async () => {
  const { queue, world, open } = queueOf({ whileDown: "queue" });
  await queue.send("a", true);
  open();
  expect(world.sent).toEqual([]);
});

test("a queue keeps messages for the next line", async () => {
  const { queue, world, open } = queueOf({ whileDown: "queue" });
  const sending = queue.send("a", false);
  open();
  await sending;
  expect(world.sent).toEqual(["a"]);
});

test("a full queue refuses the new message by default", async () => {
  const { queue } = queueOf({ whileDown: "queue", queueMessages: 1 });
  const first = queue.send("a", false);
  await expect(queue.send("b", false)).rejects.toMatchObject({ code: "send-dropped" });
  queue.lineChanged(true);
  await expect(first).rejects.toMatchObject({ code: "not-open" });
});

test("a full queue may give up the oldest instead", async () => {
  const { queue, world, open } = queueOf({ whileDown: "queue", queueBytes: 3, queueDrop: "oldest" });
  const first = queue.send("aa", false);
  const second = queue.send("bb", false);
  await expect(first).rejects.toMatchObject({ code: "send-dropped" });
  open();
  await second;
  expect(world.sent).toEqual(["bb"]);
});

test("a message that waited too long is given up while the line is still down", async () => {
  const { queue } = queueOf({ whileDown: "queue", queueAgeMs: 1000 });
  const sending = queue.send("a", false);
  const outcome = expect(sending).rejects.toMatchObject({ code: "send-dropped" });
  vi.advanceTimersByTime(1000);
  await outcome;
  expect(vi.getTimerCount()).toBe(0);
});

test("what waits is within its bounds, and what goes out goes in order, whatever happens", async () => {
  const action = fc.oneof(
    fc.record({ does: fc.constant("send" as const), size: fc.integer({ min: 1, max: 6 }) }),
    fc.record({ does: fc.constantFrom("open" as const, "lose" as const, "fill" as const, "drain" as const) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 40 }), fc.boolean(), async (actions, dropsOldest) => {
      const bounds = { queueMessages: 4, queueBytes: 12, queueDrop: dropsOldest ? "oldest" : "newest" } as const;
      const { queue, world, open, line } = queueOf({ whileDown: "queue", highWaterMark: 0, ...bounds });
      const outcomes: Promise<string>[] = [];
      let n = 0;
      for (const { does, ...rest } of actions) {
        if (does === "send") {
          const payload = String(n++).padEnd("size" in rest ? rest.size : 1, ".");
          outcomes.push(
            queue.send(payload, false).then(
              () => "sent",
              (error: { code: string }) => error.code,
            ),
          );
        }
        if (does === "open") open();
        if (does === "lose") {
          world.line = undefined;
          queue.lineChanged(false);
        }
        if (does === "fill") line.bufferedAmount = 1;
        if (does === "drain") line.bufferedAmount = 0;
      }
      line.bufferedAmount = 0;
      open();
      const results = await Promise.all(outcomes);
      const order = world.sent.map((payload) => Number.parseInt(payload as string, 10));
      expect(order).toEqual([...order].sort((a, b) => a - b));
      expect(results.filter((result) => result === "sent")).toHaveLength(world.sent.length);
      expect(results.every((result) => result === "sent" || result === "send-dropped")).toBe(true);
      expect(vi.getTimerCount()).toBe(0);
    }),
    { numRuns: 500 },
  );
});
