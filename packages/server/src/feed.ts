/** What can be published one after the other: an Observable of any kind, or an async iterable. */
export type Source<T> = AsyncIterable<T> | Subscribable<T>;

/** The part of an Observable that is needed here. */
export interface Subscribable<T> {
  subscribe(observer: { next(value: T): void; error(error: unknown): void; complete(): void }): { unsubscribe(): void };
}

/** A source that is being published. */
export interface Feeding {
  /** Stops. Calling it twice is harmless. */
  stop(): void;
  /** Done when the source ended or was stopped; rejects when it failed, which `onError` hears too. */
  readonly done: Promise<void>;
}

/** So many values of an iterable are published before others have their turn. */
const VALUES_PER_TURN = 100;

/** Where the values of a source go. */
export interface Publishing<T> {
  /** Throws where nothing can be published at all. */
  check(): void;
  /** Throws at once for a value that is no message; rejects where it could not be appended. */
  publish(value: T): Promise<unknown>;
  /** Told what was not appended while the source goes on. */
  onError(error: unknown): void;
}

/** Publishes what a source gives. An async iterable is asked for its next value only when the last one was appended. */
export function feedFrom<T>(source: Source<T>, publishing: Publishing<T>): Feeding {
  try {
    publishing.check();
  } catch (error) {
    return { stop() {}, done: Promise.reject(error) };
  }
  return Symbol.asyncIterator in source ? pull(source, publishing) : push(source, publishing);
}

function pull<T>(source: AsyncIterable<T>, { publish }: Publishing<T>): Feeding {
  const iterator = source[Symbol.asyncIterator]();
  let isStopped = false;
  let count = 0;
  let wake: () => void = () => {};
  const stopped = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const read = async () => {
    while (!isStopped) {
      const result = await iterator.next();
      if (isStopped || result.done) return;
      await publish(result.value);
      count += 1;
      // A source that never waits must not keep everybody else waiting.
      if (count % VALUES_PER_TURN === 0) await new Promise((resolve) => setTimeout(resolve, 0));
    }
  };
  return {
    stop() {
      if (isStopped) return;
      isStopped = true;
      wake();
      // A generator that waits inside hears of it when it goes on: nobody waits for that.
      iterator.return?.().catch(() => {});
    },
    done: Promise.race([read(), stopped]),
  };
}

function push<T>(source: Subscribable<T>, { publish, onError }: Publishing<T>): Feeding {
  let settle: () => void = () => {};
  let subscription: { unsubscribe(): void } | undefined;
  let isOver = false;
  const done = new Promise<void>((resolve, reject) => {
    settle = resolve;
    const fail = (error: unknown) => {
      isOver = true;
      subscription?.unsubscribe();
      reject(error);
    };
    subscription = source.subscribe({
      next(value) {
        if (isOver) return;
        try {
          publish(value).catch(onError); // An engine that is away costs this message, not those that follow.
        } catch (error) {
          fail(error); // A value that JSON has no word for.
        }
      },
      error: fail,
      complete: resolve,
    });
    if (isOver) subscription.unsubscribe();
  });
  return {
    stop() {
      if (isOver) return;
      isOver = true;
      subscription?.unsubscribe();
      settle();
    },
    done,
  };
}
