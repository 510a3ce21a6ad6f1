import { type Observable, of, Subject, throwError } from "rxjs";
import { expect, test } from "vitest";
import { iterate } from "./iterate.ts";

const loop = <T>(source: Observable<T>, limit = 10): AsyncIterable<T> => ({
  [Symbol.asyncIterator]: () => iterate(source, limit),
});

async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}

test("a loop gets every value, and ends with its source", async () => {
  expect(await collect(loop(of(1, 2, 3)))).toEqual([1, 2, 3]);
});

test("values that come while the loop is busy wait for it", async () => {
  const source = new Subject<number>();
  const iterator = iterate(source, 10);
  const first = iterator.next();
  source.next(1);
  source.next(2);
  source.complete();
  expect(await first).toEqual({ done: false, value: 1 });
  expect(await iterator.next()).toEqual({ done: false, value: 2 });
  expect(await iterator.next()).toEqual({ done: true, value: undefined });
});

test("an error of the source is thrown into the loop", async () => {
  await expect(collect(loop(throwError(() => new Error("over"))))).rejects.toThrow("over");
});

test("a loop that falls too far behind ends with overflow, after what it was owed", async () => {
  const source = new Subject<number>();
  const iterator = iterate(source, 2);
  for (const n of [1, 2, 3]) source.next(n);
  expect(source.observed).toBe(false);
  expect([await iterator.next(), await iterator.next()].map(({ value }) => value)).toEqual([1, 2]);
  await expect(iterator.next()).rejects.toMatchObject({ code: "overflow" });
});

test("leaving the loop leaves the source, and ends a step that waits", async () => {
  const source = new Subject<number>();
  const iterator = iterate(source, 2);
  const step = iterator.next();
  await iterator.return?.();
  expect(source.observed).toBe(false);
  expect(await step).toEqual({ done: true, value: undefined });
});

test("steps that wait at once are each given a value, in order", async () => {
  const source = new Subject<number>();
  const iterator = iterate(source, 2);
  const steps = [iterator.next(), iterator.next()];
  source.next(1);
  source.next(2);
  expect((await Promise.all(steps)).map(({ value }) => value)).toEqual([1, 2]);
});
