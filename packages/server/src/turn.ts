/** No line waits longer than this for its bytes on account of others, in milliseconds. */
const LONGEST_PAUSE_MS = 20;

/** Runs `run` once per turn of the event loop, however often it was woken. */
export interface Turn {
  wake(): void;
  /** Nothing runs after this. */
  stop(): void;
}

/**
 * Coalesces by itself: the first wake after a quiet time runs in this turn, and a run that took long is followed by a pause
 * of the same length, in which more piles up for the next. So a busy hub spends at most half its time writing.
 */
export function createTurn(run: () => void): Turn {
  let isAwake = false;
  let isStopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let notBefore = 0;

  const fire = () => {
    isAwake = false;
    if (isStopped) return;
    const start = performance.now();
    run();
    const end = performance.now();
    notBefore = end + Math.min(end - start, LONGEST_PAUSE_MS);
  };

  return {
    wake() {
      if (isAwake || isStopped) return;
      isAwake = true;
      const pause = notBefore - performance.now();
      if (pause >= 1) timer = setTimeout(fire, pause);
      else if (typeof setImmediate === "function") setImmediate(fire);
      else timer = setTimeout(fire, 0);
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
