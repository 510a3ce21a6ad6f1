import { expectTypeOf, test } from "vitest";
import { z } from "zod";
import { realtime } from "./realtime.ts";

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
