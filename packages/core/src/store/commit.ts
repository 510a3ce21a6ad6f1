/** Calls `flush` once, later; the function it returns calls it off. */
export type Scheduler = (flush: () => void) => () => void;

/** When a screen is told: once per animation frame, at once, or at most every so many milliseconds. */
export type Commit = "frame" | "sync" | number | Scheduler;

/** A hidden page gets no animation frames; its title and badges still want news. */
const HIDDEN_COMMIT_MS = 250;

/** Where there are no frames at all: workers, servers. */
const NO_FRAMES_COMMIT_MS = 16;

const waiting = new Set<() => void>();
let disarm = (): void => {};
let armings = 0;
let watchdog: ReturnType<typeof setTimeout> | undefined;

function arm(): void {
  armings += 1;
  if (typeof requestAnimationFrame === "function") {
    const frame = requestAnimationFrame(run);
    disarm = () => cancelAnimationFrame(frame);
    watch();
  } else {
    const timer = setTimeout(run, NO_FRAMES_COMMIT_MS);
    disarm = () => clearTimeout(timer);
  }
}

/** Sees to commits whose frame does not come. One timer for many frames: one for each would cost more than the commit. */
function watch(): void {
  if (watchdog !== undefined) return;
  const seen = armings;
  watchdog = setTimeout(() => {
    watchdog = undefined;
    if (waiting.size === 0) return;
    if (armings !== seen) return watch();
    disarm();
    run();
  }, HIDDEN_COMMIT_MS);
}

function run(): void {
  const flushes = [...waiting];
  waiting.clear();
  for (const flush of flushes) flush();
}

/**
 * Once per animation frame where there are frames; by timer in hidden pages, workers and on servers.
 * All that wait share one frame callback, so that a framework renders them in one pass.
 */
export const onFrame: Scheduler = (flush) => {
  const mine = (): void => flush();
  if (waiting.size === 0) arm();
  waiting.add(mine);
  return () => {
    if (waiting.delete(mine) && waiting.size === 0) disarm();
  };
};

const every =
  (ms: number): Scheduler =>
  (flush) => {
    const timer = setTimeout(flush, ms);
    return () => clearTimeout(timer);
  };

/** The scheduler that a {@link Commit} means; undefined for "sync". */
export function schedulerOf(commit: Commit | undefined): Scheduler | undefined {
  if (commit === "sync") return undefined;
  if (commit === undefined || commit === "frame") return onFrame;
  return typeof commit === "number" ? every(commit) : commit;
}

/** Flushes once for however many touches, when the commit says so. */
export interface CommitQueue {
  touch(commit: Commit | undefined): void;
  cancel(): void;
}

/** A queue of at most one flush. */
export function commitQueue(flush: () => void): CommitQueue {
  let callOff: (() => void) | undefined;
  return {
    touch(commit) {
      if (callOff !== undefined) return;
      const schedule = schedulerOf(commit);
      if (schedule === undefined) return flush();
      let isFlushed = false;
      const cancel = schedule(() => {
        isFlushed = true;
        callOff = undefined;
        flush();
      });
      if (!isFlushed) callOff = cancel; // a scheduler of the user's own may flush at once
    },
    cancel() {
      callOff?.();
      callOff = undefined;
    },
  };
}
