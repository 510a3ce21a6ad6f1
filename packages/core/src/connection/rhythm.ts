/** How often a server has shown to say something, over all lines of one stream: what its silence is judged by. */
export interface Rhythm {
  /** So much silence is death, in milliseconds. Infinity: the server has shown no rhythm, so silence means nothing. */
  readonly limitMs: number;
  /** Something came, so long after what was told before it. */
  heard(gapMs: number): void;
  /** And it was nothing but a sign of life: that is what servers send at intervals. */
  heartbeat(): void;
  /** A line was given up for its silence: perhaps wrongly, so until a heartbeat says otherwise the next have twice the time. */
  missed(): void;
}

/** Even a faster rhythm is given so long. The HTML standard asks for a comment every 15 s: three missed ones. */
export const LEAST_LIMIT_MS = 45_000;

/** A rhythm so slow that its silence would be noticed later than this is none. */
const MOST_LIMIT_MS = 900_000;

/** So many silences are remembered. */
const MEMORY = 8;

/** A heartbeat may be half a period late. */
const TOLERANCE = 1.5;

/** Makes the memory of one stream. */
export function createRhythm(): Rhythm {
  let gaps: number[] = [];
  let heartbeats = 0;
  let patience = 1;

  return {
    get limitMs() {
      const longest = Math.max(...gaps);
      // Without heartbeats the longest silences must be alike, half of them: messages come when they come.
      const isRegular = heartbeats > 1 || gaps.filter((gapMs) => gapMs > longest * 0.8).length >= MEMORY / 2;
      const limitMs = Math.max(LEAST_LIMIT_MS, longest * TOLERANCE) * patience;
      return isRegular && limitMs <= MOST_LIMIT_MS ? limitMs : Number.POSITIVE_INFINITY;
    },
    heard(gapMs) {
      gaps = [...gaps, gapMs].slice(-MEMORY);
    },
    heartbeat() {
      heartbeats += 1;
      patience = 1;
    },
    missed() {
      patience *= 2;
    },
  };
}
