/** A `fetch` that tells how many bytes of bodies its caller was given. */
export interface CountingFetch {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Resolves when so many bytes were given. */
  bytes(count: number): Promise<void>;
}

/** Makes a {@link CountingFetch}: comments of an event stream are seen by nobody else. */
export function countingFetch(): CountingFetch {
  const waiting = new Set<() => void>();
  let given = 0;

  /** Told after the caller's own read was resumed: a macrotask later than the chunk. */
  const tell = (chunk: Uint8Array): void =>
    void setImmediate(() => {
      given += chunk.length;
      for (const check of waiting) check();
    });

  return {
    async fetch(url, init) {
      const response = await fetch(url, init);
      const counter = new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          controller.enqueue(chunk);
          tell(chunk);
        },
      });
      const body = response.body?.pipeThrough(counter);
      return Object.defineProperty(response, "body", { value: body ?? null });
    },
    bytes: (count) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (given < count) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
  };
}
