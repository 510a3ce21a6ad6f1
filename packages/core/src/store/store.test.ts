import { Subject } from "rxjs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createStore } from "./store.ts";

const list = (state: readonly number[], data: number): readonly number[] => [...state, data];
const nobody = (): void => {};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a store", () => {
  test("starts its source with the first subscriber, not before", () => {
    const source = new Subject<number>();
    const store = createStore(source);
    store.getSnapshot();
    store.getServerSnapshot();
    expect(source.observed).toBe(false);
    store.subscribe(nobody);
    expect(source.observed).toBe(true);
  });

  test("gives the same snapshot until something changed", () => {
    const source = new Subject<number>();
    const store = createStore(source, { commit: "sync" });
    expect(store.getSnapshot()).toBe(store.getSnapshot());
    store.subscribe(nobody);
    source.next(1);
    const one = store.getSnapshot();
    source.next(1);
    expect(store.getSnapshot()).toBe(one);
    source.next(2);
    expect(store.getSnapshot()).not.toBe(one);
    expect(store.getSnapshot().send).toBe(one.send);
  });

  test("gives the same snapshot also where the selection makes a new object each time", () => {
    const source = new Subject<number>();
    const store = createStore(source, { commit: "sync", select: (state: number | undefined) => ({ state }) });
    expect(store.getSnapshot()).toBe(store.getSnapshot());
    store.subscribe(nobody);
    source.next(1);
    expect(store.getSnapshot()).toBe(store.getSnapshot());
  });

  test("gives snapshots that nobody can change", () => {
    expect(Object.isFrozen(createStore(new Subject<number>()).getSnapshot())).toBe(true);
  });

  test("bears being disposed of twice", () => {
    const source = new Subject<number>();
    const store = createStore(source, { lingerMs: 0 });
    const stop = store.subscribe(nobody);
    const other = store.subscribe(nobody);
    stop();
    stop();
    vi.runAllTimers();
    expect(source.observed).toBe(true);
    other();
    vi.runAllTimers();
    expect(source.observed).toBe(false);
  });

  test("tells no listener that left while another was being told", () => {
    const source = new Subject<number>();
    const store = createStore(source, { commit: "sync" });
    const late = vi.fn();
    let stopLate: () => void = nobody;
    store.subscribe(() => {
      if (store.getSnapshot().data === 1) stopLate();
    });
    stopLate = store.subscribe(late);
    late.mockClear();
    source.next(1);
    expect(late.mock.calls.length).toBeLessThanOrEqual(1); // the status; never the message
    expect(store.getSnapshot().data).toBe(1);
  });

  test("takes a commit scheduler of the user's own, also one that flushes at once", () => {
    const source = new Subject<number>();
    const flushes: (() => void)[] = [];
    const manual = createStore(source, {
      commit: (flush) => {
        flushes.push(flush);
        return nobody;
      },
    });
    manual.subscribe(nobody);
    source.next(1);
    source.next(2);
    expect(manual.getSnapshot().data).toBeUndefined();
    flushes.at(-1)?.();
    expect(manual.getSnapshot().data).toBe(2);

    const eager = createStore(source, {
      commit: (flush) => {
        flush();
        return nobody;
      },
    });
    eager.subscribe(nobody);
    source.next(3);
    source.next(4);
    expect(eager.getSnapshot().data).toBe(4);
  });

  test("reads a select of each render without starting anew", () => {
    const source = new Subject<number>();
    const store = createStore(source, { commit: "sync", select: (state: number | undefined) => [state] });
    store.subscribe(nobody);
    source.next(1);
    const inPlace = () => store.reader({ select: (state: number | undefined) => [state] });
    const equals = (before: unknown, after: unknown) => String(before) === String(after);
    const before = store.getSnapshot();
    expect(store.reader({ select: (state: number | undefined) => [state], equals })()).toBe(before);
    expect(inPlace()()).not.toBe(before);
  });

  test("refuses options that can only be mistakes", () => {
    const source = new Subject<number>();
    expect(() => createStore(source, { lingerMs: -1 })).toThrow("`lingerMs` is -1");
    expect(() => createStore(source, { commit: Number.NaN })).toThrow("`commit` is NaN");
    expect(() => createStore(source, { conflate: (data) => data, maxKeys: 0 })).toThrow("`maxKeys` is 0");
  });
});

describe("a fold", () => {
  test("goes on with a reducer written in place", () => {
    const source = new Subject<number>();
    const store = createStore(source, {
      commit: "sync",
      initial: 0,
      reduce: (sum: number, data: number) => sum + data,
    });
    store.subscribe(nobody);
    source.next(1);
    store.configure({ commit: "sync", initial: 0, reduce: (sum: number, data: number) => sum + data * 10 });
    source.next(2);
    expect(store.getSnapshot().data).toBe(21);
  });

  test("parts from a shared one when its reducer changes, and takes the state along", () => {
    const source = new Subject<number>();
    const options = { commit: "sync", initial: [] as readonly number[], reduce: list } as const;
    const one = createStore(source, options);
    const other = createStore(source, options);
    one.subscribe(nobody);
    other.subscribe(nobody);
    source.next(1);
    one.configure({ ...options, reduce: (state: readonly number[], data: number) => [data, ...state] });
    source.next(2);
    expect(one.getSnapshot().data).toEqual([2, 1]);
    expect(other.getSnapshot().data).toEqual([1, 2]);
  });

  test("is not shared by readers with other initial values", () => {
    const source = new Subject<number>();
    const sum = (state: number, data: number) => state + data;
    const one = createStore(source, { commit: "sync", initial: 0, reduce: sum });
    const other = createStore(source, { commit: "sync", initial: 100, reduce: sum });
    one.subscribe(nobody);
    other.subscribe(nobody);
    source.next(1);
    expect([one.getSnapshot().data, other.getSnapshot().data]).toEqual([1, 101]);
  });

  test("gives a late reader the newest message whatever its initial value", () => {
    const source = new Subject<number>();
    createStore(source, { commit: "sync" }).subscribe(nobody);
    source.next(5);
    expect(createStore(source, { initial: 0 }).getSnapshot().data).toBe(5);
  });

  test("keeps at most so many keys, and lets the first go", () => {
    const source = new Subject<number>();
    const store = createStore(source, { commit: "sync", conflate: (data) => data % 10, maxKeys: 2 });
    store.subscribe(nobody);
    for (const data of [1, 2, 11, 3]) source.next(data);
    expect([...store.getSnapshot().data]).toEqual([
      [2, 2],
      [3, 3],
    ]);
  });

  test("gives rows that later messages do not change", () => {
    const source = new Subject<number>();
    const store = createStore(source, { commit: "sync", conflate: (data) => data % 10 });
    store.subscribe(nobody);
    source.next(1);
    const before = store.getSnapshot().data;
    source.next(11);
    expect(before.get(1)).toBe(1);
    expect(store.getSnapshot().data.get(1)).toBe(11);
  });

  test("begins anew after its linger, and is shown as it was until there is news", () => {
    const source = new Subject<number>();
    const store = createStore(source, {
      initial: [] as readonly number[],
      reduce: list,
      commit: "sync",
      lingerMs: 100,
    });
    store.subscribe(nobody)();
    source.next(1);
    vi.advanceTimersByTime(99);
    store.subscribe(nobody)();
    expect(store.getSnapshot().data).toEqual([1]);
    vi.advanceTimersByTime(100);
    expect(source.observed).toBe(false);
    expect(store.getSnapshot()).toMatchObject({ data: [1], status: "idle" });
    store.subscribe(nobody);
    expect(store.getSnapshot()).toMatchObject({ data: [1], status: "connecting" });
    source.next(2);
    expect(store.getSnapshot().data).toEqual([2]);
  });
});
