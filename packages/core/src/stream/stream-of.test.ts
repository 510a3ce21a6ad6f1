import { from, lastValueFrom, map, Observable, take, toArray } from "rxjs";
import { expect, test } from "vitest";
import type { LineEvents, Transport } from "../transport/transport.ts";
import { createRealtime } from "./create-realtime.ts";

/** A line in the test's own hand. */
function handMade() {
  const lines = new Set<LineEvents>();
  const transport: Transport = {
    name: "hand",
    key: undefined,
    settings: {},
    canRedial: true,
    silenceMs: undefined,
    open(_dial, events) {
      lines.add(events);
      events.opened();
      return { close: () => void lines.delete(events) };
    },
  };
  const say = (data: unknown, type = "message"): void => {
    for (const line of lines) line.message(JSON.stringify(data), type, "");
  };
  return { transport, lines, say };
}
const streamOf = (transport: Transport, options = {}) => createRealtime<number>(transport, { lingerMs: 0, ...options });

test("from() of RxJS takes a stream, and operators work on it", async () => {
  const { transport, say } = handMade();
  const doubled = lastValueFrom(
    from(streamOf(transport)).pipe(
      map((n) => n * 2),
      take(2),
      toArray(),
    ),
  );
  say(1);
  say(2);
  expect(await doubled).toEqual([2, 4]);
});

test("a stream is an Observable by its constructor and by its symbol", () => {
  const stream = streamOf(handMade().transport);
  expect(stream).toBeInstanceOf(Observable);
  const interop = stream as unknown as Record<symbol | string, () => unknown>;
  const symbol = (Symbol as { observable?: symbol }).observable ?? "@@observable";
  expect(interop[symbol]?.()).toBe(stream);
});

test("on() gives the data of one event type, over the line that the stream has", () => {
  const { transport, say, lines } = handMade();
  const stream = streamOf(transport);
  const ticks: number[] = [];
  const all: number[] = [];
  const readers = [stream.on("tick").subscribe((n) => ticks.push(n)), stream.subscribe((n) => all.push(n))];
  say(1, "tick");
  say(2, "tock");
  say(3);
  expect({ ticks, all, lines: lines.size }).toEqual({ ticks: [1], all: [1, 2, 3], lines: 1 });
  for (const reader of readers) reader.unsubscribe();
  expect(lines.size).toBe(0);
});

test("messages$ gives messages whole, the same object to all who ask", () => {
  const { transport, say } = handMade();
  const { messages$ } = streamOf(transport);
  const seen: unknown[] = [];
  messages$.subscribe((message) => seen.push(message));
  messages$.subscribe((message) => seen.push(message));
  say(1, "tick");
  expect(seen[0]).toEqual({ data: 1, type: "tick", id: "", topic: undefined });
  expect(seen[1]).toBe(seen[0]);
});

test("a signal completes the readers of its stream and hangs up; an aborted one dials nothing", () => {
  const { transport, lines } = handMade();
  const abort = new AbortController();
  const stream = streamOf(transport, { signal: abort.signal });
  let completed = 0;
  const complete = (): void => {
    completed += 1;
  };
  stream.subscribe({ complete });
  stream.messages$.subscribe({ complete });
  expect(lines.size).toBe(1);
  abort.abort();
  expect({ completed, lines: lines.size, status: stream.status.status }).toEqual({
    completed: 2,
    lines: 0,
    status: "idle",
  });
  stream.subscribe({ complete });
  expect({ completed, lines: lines.size }).toEqual({ completed: 3, lines: 0 });
});

test("a for await loop ends when it is left, and hangs up", async () => {
  const { transport, say, lines } = handMade();
  const got: number[] = [];
  const loop = (async () => {
    for await (const n of streamOf(transport)) {
      got.push(n);
      if (n === 2) break;
    }
  })();
  for (const n of [1, 2, 3]) say(n);
  await loop;
  expect({ got, lines: lines.size }).toEqual({ got: [1, 2], lines: 0 });
});

test("what has no way up says so", async () => {
  const stream = createRealtime<number, string>(handMade().transport);
  await expect(stream.send("hello")).rejects.toMatchObject({ code: "send-unsupported" });
});
