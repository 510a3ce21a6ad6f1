import { setTimeout as pause } from "node:timers/promises";

/** Acts every so many milliseconds until the signal fires; resolves then. What fails is said once, and done again. */
export async function every(
  ms: number,
  act: () => Promise<void>,
  signal: AbortSignal,
  say: (trouble: string) => void,
): Promise<void> {
  let dueAt = performance.now();
  let said = "";
  while (!signal.aborted) {
    try {
      await act();
    } catch (error) {
      const trouble = `The machine could not be read: ${(error as Error).message}`;
      if (trouble !== said) say(trouble);
      said = trouble;
    }
    // By the clock, not by the pause: a slow reading makes the next pause shorter, and a lost second is not made up for.
    const now = performance.now();
    dueAt = Math.max(dueAt + ms, now);
    await pause(dueAt - now, undefined, { signal }).catch(() => {}); // it rejects when the signal fires
  }
}
