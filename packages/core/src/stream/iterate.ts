import { DEV, TidewireError } from "@tidewire/wire";
import type { Observable, Unsubscribable } from "rxjs";

/**
 * Reads an Observable with `for await`. Values wait while the loop is busy, at most `limit` of them; one more ends
 * the loop with `overflow`, because leaving one out in silence would be worse.
 */
export function iterate<T>(source: Observable<T>, limit: number): AsyncIterator<T, undefined> {
  type Step = IteratorResult<T, undefined>;
  const values: T[] = [];
  /** Steps that wait for a value. */
  const waiting: (() => void)[] = [];
  /** The last step, once there is one; it stays. */
  let last: (() => Step) | undefined;
  let subscription: Unsubscribable | undefined;

  const wake = (): void => {
    for (const step of waiting.splice(0)) step();
  };
  const end = (step: () => Step): void => {
    last = step;
    subscription?.unsubscribe();
    wake();
  };
  const done: Step = { done: true, value: undefined };
  const complete = (): void => end(() => done);
  const error = (cause: unknown): void =>
    end(() => {
      throw cause;
    });

  subscription = source.subscribe({
    next(value) {
      if (last) return; // it was over while it was subscribed to
      if (values.length >= limit) {
        error(new TidewireError("overflow", DEV && `The loop is ${limit} messages behind (\`bufferMessages\`).`));
      } else {
        values.push(value);
        wake();
      }
    },
    error,
    complete,
  });
  if (last) subscription.unsubscribe();

  return {
    async next() {
      while (!values.length && !last) await new Promise<void>((resolve) => waiting.push(resolve));
      return values.length ? { done: false, value: values.shift() as T } : (last as () => Step)();
    },
    async return() {
      values.length = 0;
      complete();
      return done;
    },
  };
}
