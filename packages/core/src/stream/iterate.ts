import { TidewireError } from "@tidewire/wire";
import type { Observable, Unsubscribable } from "rxjs";

/**
 * Reads an Observable with `for await`. Values wait while the loop is busy, at most `limit` of them; one more ends
 * the loop with `overflow`, because leaving one out in silence would be worse.
 */
export function iterate<T>(source: Observable<T>, limit: number): AsyncIterator<T, undefined> {
  const values: T[] = [];
  /** What the loop is told after the last value. */
  let end: (() => { done: true; value: undefined }) | undefined;
  let wake: () => void = () => {};
  let subscription: Unsubscribable | undefined;
  const finish = (how: NonNullable<typeof end>): void => {
    end ??= how;
    subscription?.unsubscribe();
    wake();
  };
  const complete = (): void => finish(() => ({ done: true, value: undefined }));
  const error = (cause: unknown): void =>
    finish(() => {
      throw cause;
    });

  subscription = source.subscribe({
    next(value) {
      if (end) return; // it overflowed while it was subscribed to
      if (values.length < limit) values.push(value);
      else error(new TidewireError("overflow", `The loop is ${limit} messages behind (\`bufferMessages\`).`));
      wake();
    },
    error,
    complete,
  });
  if (end) subscription.unsubscribe();

  return {
    async next() {
      for (;;) {
        if (values.length > 0) return { done: false, value: values.shift() as T };
        if (end) return end();
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    async return() {
      values.length = 0;
      complete();
      return { done: true, value: undefined };
    },
  };
}
