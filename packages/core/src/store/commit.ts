/** Calls `flush` once, later; the function it returns calls it off. */
export type Scheduler = (flush: () => void) => () => void;

/** When a screen is told: once per animation frame, at once, or at most every so many milliseconds. */
export type Commit = "frame" | "sync" | number | Scheduler;

/** A hidden page gets no animation frames; its title and badges still want news. */
const HIDDEN_COMMIT_MS = 250;

/** Once per animation frame where there are frames; by timer in hidden pages, workers and on servers. */
export const onFrame: Scheduler = (flush) => {
  const done = (): void => {
    cancel();
    flush();
  };
  const frame = typeof requestAnimationFrame === "function" ? requestAnimationFrame(done) : undefined;
  const timer = setTimeout(done, frame === undefined ? 16 : HIDDEN_COMMIT_MS);
  const cancel = (): void => {
    clearTimeout(timer);
    if (frame !== undefined) cancelAnimationFrame(frame);
  };
  return cancel;
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
