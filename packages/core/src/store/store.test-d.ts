import { Observable, Subject } from "rxjs";
import { expectTypeOf, test } from "vitest";
import { realtime } from "../stream/realtime.ts";
import type { Realtime } from "../stream/stream.ts";
import { createStore } from "./store.ts";

interface Tick {
  readonly symbol: string;
  readonly price: number;
}
const ticks: Realtime<Tick, { ask: string }> = realtime("https://example.com/ticks");
const lastHundred = (list: readonly Tick[], tick: Tick): readonly Tick[] => [...list, tick].slice(-100);
async function* words(): AsyncGenerator<string> {
  yield "one";
}
const homemade = {
  subscribe: (observer: { next: (value: string) => void }) => {
    observer.next("one");
    return { unsubscribe: () => {} };
  },
};

test("the newest message is the data, or nothing yet", () => {
  expectTypeOf(createStore(ticks).getSnapshot().data).toEqualTypeOf<Tick | undefined>();
  expectTypeOf(createStore(ticks, { initial: null }).getSnapshot().data).toEqualTypeOf<Tick | null>();
  expectTypeOf(createStore(new Subject<string>()).getSnapshot().data).toEqualTypeOf<string | undefined>();
  expectTypeOf(createStore(words()).getSnapshot().data).toEqualTypeOf<string | undefined>();
  expectTypeOf(createStore(homemade).getSnapshot().data).toEqualTypeOf<string | undefined>();
  expectTypeOf(createStore(new Observable<number>(), { initial: 0 }).getSnapshot().data).toEqualTypeOf<number>();
});

test("a source that may be missing keeps its type", () => {
  const source = ticks as Realtime<Tick, { ask: string }> | false | undefined;
  expectTypeOf(createStore(source).getSnapshot().data).toEqualTypeOf<Tick | undefined>();
});

test("a fold gives its state", () => {
  const named = createStore(ticks, { initial: [], reduce: lastHundred });
  expectTypeOf(named.getSnapshot().data).toEqualTypeOf<readonly Tick[]>();
  const inPlace = createStore(ticks, { initial: [], reduce: (list, tick) => [...list, tick] });
  expectTypeOf(inPlace.getSnapshot().data).toEqualTypeOf<Tick[]>();
  const sum = createStore(ticks, { initial: 0, reduce: (total, tick) => total + tick.price });
  expectTypeOf(sum.getSnapshot().data).toEqualTypeOf<number>();
  const best = createStore(ticks, {
    initial: null,
    reduce: (top, tick) => (top && top.price > tick.price ? top : tick),
  });
  expectTypeOf(best.getSnapshot().data).toEqualTypeOf<Tick | null>();
});

test("conflating gives a map of the newest per key", () => {
  const rows = createStore(ticks, { conflate: (tick) => tick.symbol });
  expectTypeOf(rows.getSnapshot().data).toEqualTypeOf<ReadonlyMap<string, Tick>>();
});

test("a selection gives what it returns", () => {
  const price = createStore(ticks, { select: (tick) => tick?.price });
  expectTypeOf(price.getSnapshot().data).toEqualTypeOf<number | undefined>();
  const size = createStore(ticks, { initial: [], reduce: lastHundred, select: (list) => list.length });
  expectTypeOf(size.getSnapshot().data).toEqualTypeOf<number>();
  const row = createStore(ticks, { conflate: (tick) => tick.symbol, select: (rows) => rows.get("A") });
  expectTypeOf(row.getSnapshot().data).toEqualTypeOf<Tick | undefined>();
});

test("status narrows what belongs to it", () => {
  const snapshot = createStore(ticks).getSnapshot();
  if (snapshot.status === "waiting") expectTypeOf(snapshot.retryAt).toEqualTypeOf<number>();
  if (snapshot.status === "failed") expectTypeOf(snapshot.error.code).toBeString();
  if (snapshot.status === "open") expectTypeOf(snapshot.error).toEqualTypeOf<undefined>();
  // @ts-expect-error only `waiting` has a next dial
  snapshot.retryAt;
});

test("what cannot work does not compile", () => {
  // @ts-expect-error the reducer is for other messages
  createStore(ticks, { initial: 0, reduce: (total: number, data: string) => total + data.length });
  // @ts-expect-error one way to fold, not two
  createStore(ticks, { reduce: lastHundred, conflate: (tick: Tick) => tick.symbol });
  // @ts-expect-error no such pace
  createStore(ticks, { commit: "often" });
  // @ts-expect-error the way up has a type
  void createStore(ticks).getSnapshot().send("buy");
  // @ts-expect-error data is not for writing
  createStore(ticks).getSnapshot().data = undefined;
  // @ts-expect-error a number is no source
  createStore(42);
});
