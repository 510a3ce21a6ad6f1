/** A promise and its two ends, for what an event decides. */
export interface Deferred<T = void> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(error: unknown): void;
}

/** Makes an undecided {@link Deferred}. */
export function deferred<T = void>(): Deferred<T> {
  const ends: { resolve?: (value: T) => void; reject?: (error: unknown) => void } = {};
  const promise = new Promise<T>((resolve, reject) => Object.assign(ends, { resolve, reject }));
  return { promise, resolve: (value) => ends.resolve?.(value), reject: (error) => ends.reject?.(error) };
}
