import type { Awaitable } from "./engine.ts";

/** What is done already. */
export const DONE: Promise<void> = Promise.resolve();

/**
 * Goes on with a value: at once where it is there. A promise would cost each of the thousands that dial at one moment a
 * turn, and memory that outlives it.
 */
export function followedBy<T, R>(value: Awaitable<T>, next: (value: T) => Awaitable<R>): Awaitable<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}
