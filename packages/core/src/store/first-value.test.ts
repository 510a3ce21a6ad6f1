import { TidewireError } from "@tidewire/wire";
import { Subject } from "rxjs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { firstValue } from "./first-value.ts";
import { createStore } from "./store.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("is one promise for all who wait, and resolves with the first message", async () => {
  const source = new Subject<number>();
  const first = firstValue(source);
  expect(firstValue(source)).toBe(first);
  source.next(1);
  source.next(2);
  expect(await first.promise).toBe(1);
});

test("is there at once where the source is read already", async () => {
  const source = new Subject<number>();
  createStore(source).subscribe(() => {});
  source.next(7);
  expect(await firstValue(source).promise).toBe(7);
});

test("keeps the source open for the screen that comes next", () => {
  const source = new Subject<number>();
  void firstValue(source);
  source.next(1);
  source.next(2);
  expect(createStore(source).getSnapshot()).toMatchObject({ data: 2, status: "open" });
});

test("lets go of what nobody shows, and begins anew after that", () => {
  const source = new Subject<number>();
  const first = firstValue(source, { ttlMs: 100 });
  source.next(1);
  vi.advanceTimersByTime(101);
  vi.runAllTimers();
  expect(source.observed).toBe(false);
  expect(firstValue(source)).not.toBe(first);
});

test("keeps what is shown, however long", () => {
  const source = new Subject<number>();
  const first = firstValue(source, { ttlMs: 100 });
  const release = first.retain();
  source.next(1);
  vi.advanceTimersByTime(10_000);
  expect(firstValue(source)).toBe(first);
  release();
  release();
  vi.advanceTimersByTime(100);
  vi.runAllTimers();
  expect(source.observed).toBe(false);
});

test("comes back for a screen that took longer than it is kept", () => {
  const source = new Subject<number>();
  const first = firstValue(source, { ttlMs: 100 });
  source.next(1);
  vi.advanceTimersByTime(200);
  first.retain();
  expect(firstValue(source)).toBe(first);
  expect(source.observed).toBe(true);
});

test("rejects when the source fails, ends or stays silent", async () => {
  const failing = new Subject<number>();
  const failed = firstValue(failing).promise;
  failing.error(new TidewireError("unauthenticated", "No."));
  await expect(failed).rejects.toMatchObject({ code: "unauthenticated" });

  const ending = new Subject<number>();
  const ended = firstValue(ending).promise;
  ending.complete();
  await expect(ended).rejects.toThrow("ended without a message");

  const silent = firstValue(new Subject<number>(), { waitMs: 50 }).promise;
  vi.advanceTimersByTime(50);
  await expect(silent).rejects.toThrow("within 50 ms");
});
