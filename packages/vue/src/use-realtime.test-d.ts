import { type Realtime, realtime, type StatusWord } from "@tidewire/core";
import { expectTypeOf, test } from "vitest";
import { ref, shallowRef } from "vue";
import { useRealtime } from "./index.ts";

interface Line {
  readonly text: string;
}
const chat: Realtime<Line, string> = realtime("wss://example.com/chat");
const lastHundred = (lines: readonly Line[], line: Line): readonly Line[] => [...lines, line].slice(-100);

test("data follows the source, the fold and the selection", () => {
  expectTypeOf(useRealtime(chat).data.value).toEqualTypeOf<Line | undefined>();
  expectTypeOf(useRealtime(chat, { initial: null }).data.value).toEqualTypeOf<Line | null>();
  expectTypeOf(useRealtime(chat, { initial: [], reduce: lastHundred }).data.value).toEqualTypeOf<readonly Line[]>();
  expectTypeOf(useRealtime(chat, { initial: [], reduce: (all, line) => [...all, line] }).data.value).toEqualTypeOf<
    Line[]
  >();
  expectTypeOf(useRealtime(chat, { select: (line) => line?.text.length }).data.value).toEqualTypeOf<
    number | undefined
  >();
  expectTypeOf(useRealtime(chat, { conflate: (line) => line.text }).data.value).toEqualTypeOf<
    ReadonlyMap<string, Line>
  >();
});

test("the source may be a ref or a getter", () => {
  const source = shallowRef<Realtime<Line, string> | null>(null);
  expectTypeOf(useRealtime(source).data.value).toEqualTypeOf<Line | undefined>();
  expectTypeOf(useRealtime(() => source.value).data.value).toEqualTypeOf<Line | undefined>();
  expectTypeOf(useRealtime<Line>(ref("/lines")).data.value).toEqualTypeOf<Line | undefined>();
  expectTypeOf(useRealtime<Line>(() => `/lines/${1}`, { silenceMs: 5000 }).data.value).toEqualTypeOf<
    Line | undefined
  >();
});

test("the refs are for reading, the snapshot narrows, and the way up has a type", () => {
  const { data, status, snapshot, send } = useRealtime(chat);
  expectTypeOf(status.value).toEqualTypeOf<StatusWord>();
  const now = snapshot.value;
  if (now.status === "waiting") expectTypeOf(now.retryAt).toBeNumber();
  if (now.status === "failed") expectTypeOf(now.error).not.toBeUndefined();
  // @ts-expect-error data is not for writing
  data.value = undefined;
  // @ts-expect-error the chat takes text
  void send(42);
});

test("what cannot work does not compile", () => {
  // @ts-expect-error the reducer is for other messages
  useRealtime(chat, { initial: 0, reduce: (total: number, data: number) => total + data });
  // @ts-expect-error one way to fold, not two
  useRealtime(chat, { initial: [], reduce: lastHundred, conflate: (line: Line) => line.text });
});
