/** One message, always of the same length as JSON. */
export interface Message {
  readonly n: number;
  /** When it was published: microseconds of the system's monotonic clock, the same for all processes. */
  readonly at: number;
  readonly pad: string;
}

/** What every message has once, and no framing ever has. */
export const MARK = '"at":';

/** Keeps the number of digits. */
const FIRST = 1_000_000;
const ORIGIN = 1e15;
const BYTES = 100;
const HEAD = JSON.stringify({ n: FIRST, at: ORIGIN, pad: "" }).length;
const PAD = "x".repeat(BYTES - HEAD);

/** Now, in microseconds, with as many digits at all times. */
export function now(): number {
  return ORIGIN + Math.floor(Number(process.hrtime.bigint() / 1000n));
}

let last = FIRST;

/** The next message: 100 bytes of JSON. */
export function nextMessage(): Message {
  last += 1;
  return { n: last, at: now(), pad: PAD };
}
