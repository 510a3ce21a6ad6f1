import type { Observable } from "rxjs";
import { expectTypeOf, test } from "vitest";
import { z } from "zod";
import { realtime } from "./realtime.ts";
import type { Realtime } from "./stream.ts";

test("what comes down is what the caller says", () => {
  expectTypeOf(realtime<{ price: number }>("/ticks").subscribe).toBeFunction();
  realtime<{ price: number }>("/ticks").subscribe((tick) => expectTypeOf(tick).toEqualTypeOf<{ price: number }>());
  realtime("/ticks").subscribe((tick) => expectTypeOf(tick).toBeUnknown());
});

test("what comes down is what the schema gives", () => {
  const stream = realtime("/ticks", { schema: z.object({ price: z.string().transform(Number) }) });
  stream.subscribe((tick) => expectTypeOf(tick).toEqualTypeOf<{ price: number }>());
});

test("without a word about it, nothing goes up", () => {
  // @ts-expect-error: the second type says what goes up
  void realtime<number>("wss://example.com/chat").send("hello");
  void realtime<number, string>("wss://example.com/chat").send("hello");
});

test("the status narrows what belongs to it", () => {
  const { status } = realtime("/ticks");
  if (status.status === "waiting") expectTypeOf(status.retryAt).toBeNumber();
  // @ts-expect-error: only a waiting stream has a time to wait for
  if (status.status === "open") status.retryAt;
});

test("options that do not exist are refused", () => {
  // @ts-expect-error: durations end in Ms
  realtime("/ticks", { retryBase: 3 });
});

test("named events are what their map says", () => {
  const feed = realtime<unknown, never, { tick: number; chat: string }>("/feed");
  feed.on("tick").subscribe((tick) => expectTypeOf(tick).toBeNumber());
  feed.on("chat").subscribe((line) => expectTypeOf(line).toBeString());
  // @ts-expect-error: the map has no such type
  feed.on("tock");
});

test("without a map, every event type has the stream's own data", () => {
  expectTypeOf(realtime<{ price: number }>("/ticks").on("tick")).toEqualTypeOf<Observable<{ price: number }>>();
});

test("a stream with a map is a stream like any other", () => {
  expectTypeOf(realtime<number, string, { tick: number }>("/feed")).toExtend<Realtime<number, string>>();
  expectTypeOf(realtime<number, string, { tick: number }>("/feed")).toExtend<Observable<number>>();
});

test("any WebSocket will do: the platform's own, one made from it", () => {
  class Watched extends WebSocket {}
  realtime("wss://example.com/feed", { WebSocket });
  realtime("wss://example.com/feed", { WebSocket: Watched });
  // @ts-expect-error: an EventSource sends nothing
  realtime("wss://example.com/feed", { WebSocket: EventSource });
});
