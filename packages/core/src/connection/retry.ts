/** How long to wait between dials. */
export interface RetryOptions {
  /** The window of the first wait, in milliseconds. Default 1000: with full jitter the first wait is below a second. */
  readonly retryBaseMs?: number | undefined;
  /** The longest window, in milliseconds. Default 10 000. */
  readonly retryCapMs?: number | undefined;
  /** The longest window while the page is hidden, in milliseconds. Default 30 000. */
  readonly retryHiddenCapMs?: number | undefined;
  /** How many dials in a row may fail before the stream does. Default Infinity. */
  readonly maxRetries?: number | undefined;
  /** 0 <= random() < 1. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/** What one wait depends on. */
export interface Wait {
  /** Counts from 1. */
  readonly attempt: number;
  readonly isHidden: boolean;
  /** The base that the server named (SSE `retry:`). */
  readonly baseHintMs: number | undefined;
  /** What the server asked to wait this once (`Retry-After`, a close reason). */
  readonly afterMs: number | undefined;
}

/**
 * By this much the window grows at each failure. Slower than doubling on purpose: after 5 s down the median client is
 * back in 1.1 s (doubling: 2.7 s), while a storm of clients is spread by the first window alone.
 */
const GROWTH = 1.3;

/** Milliseconds until the next dial: full jitter, unless the server has a wish. Pure but for `random`. */
export function retryDelay(wait: Wait, options: RetryOptions): number {
  const random = options.random ?? Math.random;
  const baseMs = wait.baseHintMs ?? options.retryBaseMs ?? 1000;
  if (wait.afterMs !== undefined) return wait.afterMs + random() * Math.min(wait.afterMs / 2, baseMs);
  const capMs = wait.isHidden ? (options.retryHiddenCapMs ?? 30_000) : (options.retryCapMs ?? 10_000);
  const windowMs = baseMs * GROWTH ** (wait.attempt - 1);
  // The event-stream standard lets a client wait longer than `retry:`, never shorter.
  if (wait.baseHintMs !== undefined) return Math.min(windowMs, Math.max(capMs, baseMs)) * (1 + random() / 2);
  return random() * Math.min(windowMs, capMs);
}
