/**
 * Calls a function that a user gave. What it throws is seen where uncaught errors are seen (the console, `window.onerror`),
 * and whoever called goes on: one bad callback must not stop a stream.
 */
export function guarded<Given extends [] | [unknown]>(call: (...given: Given) => void, ...given: Given): void {
  try {
    call(...given);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
