/** What the hub keeps warm, and closes. */
export interface Beating {
  /** Called at every half period. */
  beat(): void;
  close(code: number, reason: string): void;
}

/**
 * Half periods after which a line is dead that showed no sign of life, or took nothing of what was written to it. Beats and no
 * milliseconds: a blocked event loop costs one, however long it was.
 */
export const DEAD_AFTER_BEATS = 5;

/** All open lines of a hub, with the one timer that keeps them warm. */
export interface Lines {
  readonly size: number;
  [Symbol.iterator](): Iterator<Beating>;
  add(line: Beating): void;
  /** Forgets a line that is gone. */
  delete(line: Beating): void;
  /** Closes every line; done when all are gone. */
  closeAll(code: number, reason: string): Promise<void>;
}

/** Makes the table of lines. The timer runs only while there are lines. */
export function createLines(heartbeatMs: number): Lines {
  const lines = new Set<Beating>();
  let timer: ReturnType<typeof setInterval> | undefined;
  let onEmpty: (() => void) | undefined;

  const beat = () => {
    for (const line of lines) line.beat();
  };

  return {
    get size() {
      return lines.size;
    },
    [Symbol.iterator]: () => lines.values(),
    add(line) {
      lines.add(line);
      timer ??= setInterval(beat, heartbeatMs / 2);
    },
    delete(line) {
      lines.delete(line);
      if (lines.size > 0) return;
      clearInterval(timer);
      timer = undefined;
      onEmpty?.();
    },
    async closeAll(code, reason) {
      if (lines.size === 0) return;
      const empty = new Promise<void>((resolve) => {
        onEmpty = resolve;
      });
      for (const line of lines) line.close(code, reason);
      await empty;
    },
  };
}
