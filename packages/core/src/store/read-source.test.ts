import { BehaviorSubject, defer, Subject } from "rxjs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Status } from "../connection/status.ts";
import type { Realtime } from "../stream/stream.ts";
import { createStore } from "./store.ts";

const nobody = (): void => {};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a plain source", () => {
  test("says nothing after its end", () => {
    let observer: { next(value: number): void; complete(): void } | undefined;
    const source = {
      subscribe(next: { next(value: number): void; complete(): void }) {
        observer = next;
        return { unsubscribe: nobody };
      },
    };
    const store = createStore(source, { commit: "sync" });
    store.subscribe(nobody);
    observer?.next(1);
    observer?.complete();
    observer?.next(2);
    expect(store.getSnapshot()).toMatchObject({ data: 1, status: "closed" });
  });

  test("is subscribed to anew by reconnect", () => {
    let subscriptions = 0;
    let unsubscriptions = 0;
    const source = {
      subscribe(observer: { next(value: number): void; error(error: unknown): void }) {
        subscriptions += 1;
        observer.next(subscriptions);
        if (subscriptions === 1) observer.error(new Error("once"));
        const unsubscribe = () => {
          unsubscriptions += 1;
        };
        return { unsubscribe };
      },
    };
    const store = createStore(source, { commit: "sync" });
    store.subscribe(nobody);
    expect(store.getSnapshot()).toMatchObject({ data: 1, status: "failed" });
    store.getSnapshot().reconnect();
    expect(store.getSnapshot()).toMatchObject({ data: 2, status: "open", error: undefined });
    expect([subscriptions, unsubscriptions]).toEqual([2, 1]);
  });
});

describe("a stream that had ended", () => {
  const idle: Status = { status: "idle", error: undefined };

  /** As much of a Realtime as a store asks for. */
  function endedStream() {
    const statuses = new BehaviorSubject<Status>(idle);
    const state = { values: new Subject<number>() };
    const stream = Object.assign(
      defer(() => state.values),
      { status$: statuses, reconnect: nobody },
    );
    Object.defineProperty(stream, "status", { get: () => statuses.value });
    return { stream: stream as unknown as Realtime<number>, statuses, state };
  }

  test("is read again when somebody else begins it anew", () => {
    const { stream, statuses, state } = endedStream();
    const store = createStore(stream, { commit: "sync" });
    store.subscribe(nobody);
    state.values.next(1);
    state.values.complete();
    statuses.next({ status: "closed", error: undefined });
    state.values = new Subject();
    statuses.next({ status: "connecting", attempt: 1, error: undefined });
    state.values.next(2);
    expect(store.getSnapshot()).toMatchObject({ data: 2, status: "connecting" });
  });
});

describe("an async iterable", () => {
  test("that gives one more value after it was left gives it to nobody", async () => {
    let give: (value: number) => void = nobody;
    const iterable = {
      [Symbol.asyncIterator]: () => ({
        next: () =>
          new Promise<IteratorResult<number>>((resolve) => {
            give = (value) => resolve({ done: false, value });
          }),
      }),
    };
    const seen: number[] = [];
    const store = createStore(iterable, { commit: "sync", lingerMs: 0, onMessage: (data) => seen.push(data) });
    const stop = store.subscribe(nobody);
    give(1);
    await vi.waitFor(() => expect(seen).toEqual([1]));
    const giveLate = give;
    stop();
    vi.runAllTimers();
    const again = store.subscribe(nobody);
    giveLate(2);
    await Promise.resolve();
    await Promise.resolve();
    expect(store.getSnapshot()).toMatchObject({ data: 1, status: "connecting" });
    again();
  });
});
