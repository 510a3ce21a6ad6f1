import { type Signal, signal } from "@angular/core";
import { type Realtime, realtime, type StatusWord, type TidewireError } from "@tidewire/core";
import { expectTypeOf, test } from "vitest";
import { injectRealtime } from "./index.ts";

interface Line {
  readonly text: string;
}
const chat: Realtime<Line, string> = realtime("wss://example.com/chat");
const lastHundred = (lines: readonly Line[], line: Line): readonly Line[] => [...lines, line].slice(-100);

test("the value follows the source, the fold and the selection", () => {
  expectTypeOf(injectRealtime(chat).value).toEqualTypeOf<Signal<Line | undefined>>();
  expectTypeOf(injectRealtime(chat, { initial: null }).value()).toEqualTypeOf<Line | null>();
  expectTypeOf(injectRealtime(chat, { initial: [], reduce: lastHundred }).value()).toEqualTypeOf<readonly Line[]>();
  expectTypeOf(injectRealtime(chat, { initial: [], reduce: (all, line) => [...all, line] }).value()).toEqualTypeOf<
    Line[]
  >();
  expectTypeOf(injectRealtime(chat, { select: (line) => line?.text.length }).value()).toEqualTypeOf<
    number | undefined
  >();
  expectTypeOf(injectRealtime(chat, { conflate: (line) => line.text }).value()).toEqualTypeOf<
    ReadonlyMap<string, Line>
  >();
});

test("the source may be a signal or a function", () => {
  const source = signal<Realtime<Line, string> | null>(null);
  expectTypeOf(injectRealtime(source).value()).toEqualTypeOf<Line | undefined>();
  expectTypeOf(injectRealtime(() => source()).value()).toEqualTypeOf<Line | undefined>();
  expectTypeOf(injectRealtime<Line>(() => `/lines/${1}`, { silenceMs: 5000 }).value()).toEqualTypeOf<
    Line | undefined
  >();
});

test("it is read as a resource is, the snapshot narrows, and the way up has a type", () => {
  const live = injectRealtime(chat);
  expectTypeOf(live.status()).toEqualTypeOf<StatusWord>();
  expectTypeOf(live.error()).toEqualTypeOf<TidewireError | undefined>();
  expectTypeOf(live.isLoading()).toBeBoolean();
  if (live.hasValue()) expectTypeOf(live.value()).toEqualTypeOf<Line>();
  const now = live.snapshot();
  if (now.status === "waiting") expectTypeOf(now.retryAt).toBeNumber();
  // @ts-expect-error the value is not for writing
  live.value.set(undefined);
  // @ts-expect-error the chat takes text
  void live.send(42);
});

test("what cannot work does not compile", () => {
  // @ts-expect-error the reducer is for other messages
  injectRealtime(chat, { initial: 0, reduce: (total: number, data: number) => total + data });
  // @ts-expect-error one way to fold, not two
  injectRealtime(chat, { initial: [], reduce: lastHundred, conflate: (line: Line) => line.text });
});
