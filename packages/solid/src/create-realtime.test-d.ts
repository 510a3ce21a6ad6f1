import { type Realtime, realtime, type StatusWord, type TidewireError } from "@tidewire/core";
import { createSignal } from "solid-js";
import { expectTypeOf, test } from "vitest";
import { createRealtime } from "./index.ts";

interface Line {
  readonly text: string;
}
const chat: Realtime<Line, string> = realtime("wss://example.com/chat");
const lastHundred = (lines: readonly Line[], line: Line): readonly Line[] => [...lines, line].slice(-100);

test("the value follows the source, the fold and the selection", () => {
  expectTypeOf(createRealtime(chat)()).toEqualTypeOf<Line | undefined>();
  expectTypeOf(createRealtime(chat, { initial: null })()).toEqualTypeOf<Line | null>();
  expectTypeOf(createRealtime(chat, { initial: [], reduce: lastHundred })()).toEqualTypeOf<readonly Line[]>();
  expectTypeOf(createRealtime(chat, { initial: [], reduce: (all, line) => [...all, line] })()).toEqualTypeOf<Line[]>();
  expectTypeOf(createRealtime(chat, { select: (line) => line?.text.length })()).toEqualTypeOf<number | undefined>();
  expectTypeOf(createRealtime(chat, { conflate: (line) => line.text })()).toEqualTypeOf<ReadonlyMap<string, Line>>();
});

test("the source may be an accessor or a function", () => {
  const [source] = createSignal<Realtime<Line, string> | null>(null);
  expectTypeOf(createRealtime(source)()).toEqualTypeOf<Line | undefined>();
  expectTypeOf(createRealtime(() => source())()).toEqualTypeOf<Line | undefined>();
  expectTypeOf(createRealtime<Line>(() => `/lines/${1}`, { silenceMs: 5000 })()).toEqualTypeOf<Line | undefined>();
});

test("it is read as a resource is, the snapshot narrows, and the way up has a type", () => {
  const live = createRealtime(chat);
  expectTypeOf(live.status).toEqualTypeOf<StatusWord>();
  expectTypeOf(live.error).toEqualTypeOf<TidewireError | undefined>();
  const now = live.snapshot;
  if (now.status === "waiting") expectTypeOf(now.retryAt).toBeNumber();
  // @ts-expect-error the status is not for writing
  live.status = "open";
  // @ts-expect-error the chat takes text
  void live.send(42);
});

test("what cannot work does not compile", () => {
  // @ts-expect-error the reducer is for other messages
  createRealtime(chat, { initial: 0, reduce: (total: number, data: number) => total + data });
  // @ts-expect-error one way to fold, not two
  createRealtime(chat, { initial: [], reduce: lastHundred, conflate: (line: Line) => line.text });
});
