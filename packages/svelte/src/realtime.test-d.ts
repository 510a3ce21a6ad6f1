import { type Realtime, realtime, type Status, type StatusWord } from "@tidewire/core";
import type { Readable } from "svelte/store";
import { expectTypeOf, test } from "vitest";
import { realtimeStore, useRealtime } from "./index.ts";

interface Line {
  readonly text: string;
}
const chat: Realtime<Line, string> = realtime("wss://example.com/chat");
const lastHundred = (lines: readonly Line[], line: Line): readonly Line[] => [...lines, line].slice(-100);

test("current follows the source, the fold and the selection", () => {
  expectTypeOf(useRealtime(chat).current).toEqualTypeOf<Line | undefined>();
  expectTypeOf(useRealtime(chat, { initial: null }).current).toEqualTypeOf<Line | null>();
  expectTypeOf(useRealtime(chat, { initial: [], reduce: lastHundred }).current).toEqualTypeOf<readonly Line[]>();
  expectTypeOf(useRealtime(chat, { initial: [], reduce: (all, line) => [...all, line] }).current).toEqualTypeOf<
    Line[]
  >();
  expectTypeOf(useRealtime(chat, { select: (line) => line?.text.length }).current).toEqualTypeOf<number | undefined>();
  expectTypeOf(useRealtime(chat, { conflate: (line) => line.text }).current).toEqualTypeOf<ReadonlyMap<string, Line>>();
});

test("the source may be a getter", () => {
  expectTypeOf(useRealtime(() => chat as Realtime<Line, string> | null).current).toEqualTypeOf<Line | undefined>();
  expectTypeOf(useRealtime<Line>(() => "/lines").current).toEqualTypeOf<Line | undefined>();
});

test("a store is a store", () => {
  const lines = realtimeStore(chat, { initial: [], reduce: lastHundred });
  expectTypeOf(lines).toExtend<Readable<readonly Line[]>>();
  expectTypeOf(lines.status).toExtend<Readable<Status>>();
  expectTypeOf(realtimeStore<Line>("/lines")).toExtend<Readable<Line | undefined>>();
});

test("the snapshot narrows, and the way up has a type", () => {
  const live = useRealtime(chat);
  expectTypeOf(live.status).toEqualTypeOf<StatusWord>();
  const { snapshot } = live;
  if (snapshot.status === "waiting") expectTypeOf(snapshot.retryAt).toBeNumber();
  if (snapshot.status === "failed") expectTypeOf(snapshot.error).not.toBeUndefined();
  // @ts-expect-error current is not for writing
  live.current = undefined;
  // @ts-expect-error the chat takes text
  void live.send(42);
  // @ts-expect-error the chat takes text
  void realtimeStore(chat).send(42);
});

test("what cannot work does not compile", () => {
  // @ts-expect-error the reducer is for other messages
  useRealtime(chat, { initial: 0, reduce: (total: number, data: number) => total + data });
  // @ts-expect-error one way to fold, not two
  useRealtime(chat, { initial: [], reduce: lastHundred, conflate: (line: Line) => line.text });
});
