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

/**
 * By this much the window grows at each failure. Slower than doubling on purpose: after 5 s down the median client is
 * dialling within 1.2 s, while a storm of clients is spread by the first window alone.
 */
const GROWTH = 1.3;

/** A server that names a shorter base than this is not dialled faster for it. */
export const LEAST_BASE_MS = 50;

/**
 * Milliseconds until the next dial: full jitter, unless the server has a wish. Pure but for `random`. `attempt` counts
 * from 1; `baseHintMs` is the base that the server named (SSE `retry:`), `afterMs` what it asked to wait this once
 * (`Retry-After`, a close reason).
 */
export function retryDelay(
  options: RetryOptions,
  attempt: number,
  isHidden: boolean,
  baseHintMs: number | undefined,
  afterMs: number | undefined,
): number {
  const { retryBaseMs = 1000, retryCapMs = 10_000, retryHiddenCapMs = 30_000, random = Math.random } = options;
  const baseMs = baseHintMs ?? retryBaseMs;
  const windowMs = Math.min(baseMs * GROWTH ** (attempt - 1), isHidden ? retryHiddenCapMs : retryCapMs);
  const jitter = random();
  if (afterMs !== undefined) {
    const wishedMs = afterMs + jitter * Math.min(afterMs / 2, baseMs);
    // "At once" is granted once: a server that says it again and again is not hammered.
    return attempt > 1 ? Math.max(wishedMs, jitter * windowMs) : wishedMs;
  }
  // The event-stream standard lets a client wait longer than `retry:`, never shorter.
  if (baseHintMs !== undefined) return Math.max(windowMs, baseMs) * (1 + jitter / 2);
  return jitter * windowMs;
}
