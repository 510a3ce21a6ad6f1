/** Time, injectable: a test's clock, a worker's timers. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs once after `ms`; what it returns calls it off, and is harmless afterwards. */
  after(ms: number, run: () => void): () => void;
}

/** The platform's own clock, looked up at each call so that fake timers are seen. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    // Timers count in 32 bits: longer waits would fire at once.
    const timer = setTimeout(run, Math.min(ms, 2 ** 31 - 1));
    return () => clearTimeout(timer);
  },
};
