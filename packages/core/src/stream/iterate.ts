import { TidewireError } from "@tidewire/wire";
import { type Observable, Subscription } from "rxjs";

/**
 * Reads an Observable with `for await`. Values wait while the loop is busy, at most `limit` of them; one more ends
 * the loop with `overflow`, because leaving one out in silence would be worse.
 */
export function iterate<T>(source: Observable<T>, limit: number): AsyncIterator<T, undefined> {
  const values: T[] = [];
  let end: { readonly error: unknown } | "complete" | undefined;
  let wake: (() => void) | undefined;
  const finish = (how: typeof end): void => {
    end ??= how;
    subscription.unsubscribe();
    wake?.();
  };
  const subscription = new Subscription(); // made first: a source may end while it is subscribed to
  subscription.add(
    source.subscribe({
      next(value) {
        if (values.length < limit) values.push(value);
        else finish({ error: new TidewireError("overflow", `The loop is ${limit} messages behind: bufferMessages.`) });
        wake?.();
      },
      error: (error: unknown) => finish({ error }),
      complete: () => finish("complete"),
    }),
  );

  return {
    async next() {
      for (;;) {
        if (values.length > 0) return { done: false, value: values.shift() as T };
        if (end === "complete") return { done: true, value: undefined };
        if (end !== undefined) throw end.error;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    async return() {
      values.length = 0;
      finish("complete");
      return { done: true, value: undefined };
    },
  };
}
