import { encodeSse } from "@tidewire/wire";
import type { Line, LineEvents } from "../line.ts";
import { DEAD_AFTER_BEATS } from "../lines.ts";
import { FULL_ANSWER_BYTES } from "../session/polls.ts";

/** Above this many bytes that nobody took, a stream reads no further. */
const HIGH_WATER = 16_384;
/** How long a reader may take to read the rest before it is cut off, in milliseconds. */
const CLOSE_TIMEOUT_MS = 2000;
/** A poll is held this long unless the client asks otherwise, in milliseconds. */
const DEFAULT_WAIT_MS = 25_000;
const LONGEST_WAIT_MS = 55_000;

const encoder = new TextEncoder();
const BEAT = encoder.encode(encodeSse({ comment: "" }));
const NEW_LINE = encoder.encode("\n");

/** One buffer of several. */
export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}

/** One buffer of several batches. */
export function concatLines(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return concat(parts.flatMap((part, index) => (index === 0 ? [part] : [NEW_LINE, part])));
}

/** A line whose bytes are the body of a response. What it is given before `attach` is written all the same. */
export interface BodyLine extends Line {
  readonly body: ReadableStream<Uint8Array>;
  attach(events: LineEvents): void;
}

/** A stream as a line. The runtime says by `pull` that there is room, and by `cancel` or `signal` that the reader is gone. */
export function bodyLine(signal: AbortSignal): BodyLine {
  let events: LineEvents | undefined;
  let isFull = false;
  let isQuiet = true;
  let isGone = false;
  /** For how many beats there was no room. */
  let fullBeats = 0;
  let cut: ReturnType<typeof setTimeout> | undefined;
  let controller!: ReadableStreamDefaultController<Uint8Array>;

  const gone = (end: () => void) => {
    if (isGone) return;
    isGone = true;
    clearTimeout(cut);
    signal.removeEventListener("abort", abort);
    end();
    events?.closed();
  };
  const end = () => gone(() => controller.close());
  const abort = () => gone(() => controller.close()); // Not an error: runtimes would log it.
  // Not a stream of bytes: that would take the buffers away, which are shared with other lines.
  const body = new ReadableStream<Uint8Array>(
    {
      start(given) {
        controller = given;
      },
      pull() {
        fullBeats = 0;
        if (cut !== undefined) return end();
        if (!isFull) return;
        isFull = false;
        events?.ready();
      },
      cancel: () => gone(() => {}),
    },
    { highWaterMark: HIGH_WATER, size: (bytes) => bytes.byteLength },
  );
  const tooSlow = () => gone(() => controller.error(new Error("The reader was too slow.")));
  const hasRoom = () => (controller.desiredSize ?? 0) > 0;

  return {
    body,
    write(bytes) {
      if (isGone || cut !== undefined) return false;
      isQuiet = false;
      controller.enqueue(bytes);
      isFull = !hasRoom();
      return !isFull;
    },
    beat() {
      if (!isGone && isQuiet && controller.desiredSize === HIGH_WATER) controller.enqueue(BEAT);
      isQuiet = true;
      if (isFull) fullBeats += 1;
      if (fullBeats > DEAD_AFTER_BEATS) tooSlow();
    },
    close() {
      if (isGone || cut !== undefined) return;
      if (hasRoom()) return end();
      cut = setTimeout(tooSlow, CLOSE_TIMEOUT_MS);
    },
    attach(given) {
      events = given;
      if (isGone) return given.closed();
      signal.addEventListener("abort", abort);
      if (signal.aborted) abort();
    },
  };
}

/** A line that ends with its first news; its bytes are one answer. */
export interface AnswerLine extends Line {
  readonly answer: Promise<Uint8Array<ArrayBuffer>>;
  attach(events: LineEvents): void;
  /** The hello was done: ends now when there is news, else with the first news or after `waitMs`. */
  begun(hasNews: boolean, waitMs: number | undefined): void;
}

/** A poll as a line. `signal` says that the client is gone. */
export function answerLine(signal: AbortSignal): AnswerLine {
  const parts: Uint8Array[] = [];
  let length = 0;
  let isWaiting = false;
  let isOver = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let events: LineEvents | undefined;
  let give!: (bytes: Uint8Array<ArrayBuffer>) => void;
  const answer = new Promise<Uint8Array<ArrayBuffer>>((resolve) => {
    give = resolve;
  });
  const end = () => {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
    give(concatLines(parts));
    events?.closed();
  };
  return {
    answer,
    write(bytes) {
      if (isOver) return false;
      parts.push(bytes);
      length += bytes.byteLength;
      if (isWaiting) end();
      return !isWaiting && length < FULL_ANSWER_BYTES;
    },
    beat() {},
    close: end,
    attach(given) {
      events = given;
      signal.addEventListener("abort", end);
      if (signal.aborted) end();
    },
    begun(hasNews, waitMs) {
      if (hasNews) return end();
      isWaiting = true;
      if (!isOver) timer = setTimeout(end, Math.min(waitMs ?? DEFAULT_WAIT_MS, LONGEST_WAIT_MS));
    },
  };
}
