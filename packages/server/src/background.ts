/** A timer that keeps no process alive. */
export function background(run: () => void, everyMs: number): ReturnType<typeof setInterval> {
  const timer: ReturnType<typeof setInterval> & { unref?(): void } = setInterval(run, everyMs);
  timer.unref?.();
  return timer;
}
