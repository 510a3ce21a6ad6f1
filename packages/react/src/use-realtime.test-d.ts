import { type Realtime, realtime } from "@tidewire/core";
import { expectTypeOf, test } from "vitest";
import { useRealtime } from "./index.ts";

interface Line {
  readonly text: string;
}
const chat: Realtime<Line, string> = realtime("wss://example.com/chat");
const lastHundred = (lines: readonly Line[], line: Line): readonly Line[] => [...lines, line].slice(-100);

test("data follows the source, the fold and the selection", () => {
  expectTypeOf(useRealtime(chat).data).toEqualTypeOf<Line | undefined>();
  expectTypeOf(useRealtime(chat, { initial: null }).data).toEqualTypeOf<Line | null>();
  expectTypeOf(useRealtime(chat, { initial: [], reduce: lastHundred }).data).toEqualTypeOf<readonly Line[]>();
  expectTypeOf(useRealtime(chat, { initial: [], reduce: (all, line) => [...all, line] }).data).toEqualTypeOf<Line[]>();
  expectTypeOf(useRealtime(chat, { select: (line) => line?.text.length }).data).toEqualTypeOf<number | undefined>();
  expectTypeOf(useRealtime(chat, { conflate: (line) => line.text }).data).toEqualTypeOf<ReadonlyMap<string, Line>>();
});

test("an address takes the type it is given, or its schema's or reducer's", () => {
  expectTypeOf(useRealtime("/lines").data).toEqualTypeOf<unknown>();
  expectTypeOf(useRealtime<Line>("/lines", { silenceMs: 5000 }).data).toEqualTypeOf<Line | undefined>();
  expectTypeOf(useRealtime("/lines", { initial: [], reduce: lastHundred }).data).toEqualTypeOf<readonly Line[]>();
  expectTypeOf(useRealtime(false as string | false)).toHaveProperty("status");
});

test("status narrows, and the way up has a type", () => {
  const live = useRealtime(chat);
  if (live.status === "waiting") expectTypeOf(live.retryAt).toBeNumber();
  if (live.status === "failed") expectTypeOf(live.error).not.toBeUndefined();
  expectTypeOf(live.send).parameter(0).toBeString();
  // @ts-expect-error only `waiting` has a next dial
  live.retryAt;
  // @ts-expect-error the chat takes text
  void live.send(42);
});

test("what cannot work does not compile", () => {
  // @ts-expect-error the reducer is for other messages
  useRealtime(chat, { initial: 0, reduce: (total: number, data: number) => total + data });
  // @ts-expect-error one way to fold, not two
  useRealtime(chat, { initial: [], reduce: lastHundred, conflate: (line: Line) => line.text });
  // @ts-expect-error a getter is for Vue and Svelte
  useRealtime(() => chat);
});
