import { TidewireError } from "@tidewire/wire";
import type { Observable, Unsubscribable } from "rxjs";

/**
 * Reads an Observable with `for await`. Values wait while the loop is busy, at most `limit` of them; one more ends
 * the loop with `overflow`, because leaving one out in silence would be worse.
 */
export function iterate<T>(source: Observable<T>, limit: number): AsyncIterator<T, undefined> {
  /** What the loop will be given, step by step. The last one, once there is one, stays. */
  const steps: (() => IteratorResult<T, undefined>)[] = [];
  let isOver = false;
  let wake: () => void = () => {};
  let subscription: Unsubscribable | undefined;
  const put = (step: () => IteratorResult<T, undefined>, isLast: boolean): void => {
    if (isOver) return;
    isOver = isLast;
    steps.push(step);
    if (isLast) subscription?.unsubscribe();
    wake();
  };
  const complete = (): void => put(() => ({ done: true, value: undefined }), true);
  const error = (cause: unknown): void =>
    put(() => {
      throw cause;
    }, true);

  subscription = source.subscribe({
    next(value) {
      if (steps.length < limit) put(() => ({ done: false, value }), false);
      else error(new TidewireError("overflow", `The loop is ${limit} messages behind (\`bufferMessages\`).`));
    },
    error,
    complete,
  });
  if (isOver) subscription.unsubscribe(); // it was over while it was subscribed to

  return {
    async next() {
      while (steps.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const step = steps[0] as (typeof steps)[number];
      if (steps.length > 1 || !isOver) steps.shift();
      return step();
    },
    async return() {
      steps.length = 0;
      isOver = false;
      complete();
      return { done: true, value: undefined };
    },
  };
}
