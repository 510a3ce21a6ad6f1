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
 * of half that length, in which more piles up for the next. What the system says of the writes counts as part of the run:
 * with thousands of lines it takes as long again, and a pause would be over before anything could pile up.
 */
export function createTurn(run: () => void): Turn {
  let isAwake = false;
  let isSettling = false;
  let isStopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let start = 0;
  let notBefore = 0;

  const soon = (then: () => void) => {
    if (typeof setImmediate === "function") setImmediate(then);
    else timer = setTimeout(then, 0);
  };
  const schedule = () => {
    const pause = notBefore - performance.now();
    if (pause >= 1) timer = setTimeout(fire, pause);
    else soon(fire);
  };
  const fire = () => {
    isAwake = false;
    if (isStopped) return;
    isSettling = true;
    start = performance.now();
    try {
      run();
    } finally {
      soon(settle);
    }
  };
  const settle = () => {
    isSettling = false;
    const end = performance.now();
    notBefore = end + Math.min((end - start) / 2, LONGEST_PAUSE_MS);
    if (isAwake) schedule();
  };

  return {
    wake() {
      if (isAwake || isStopped) return;
      isAwake = true;
      if (!isSettling) schedule();
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
