import { TidewireError } from "@tidewire/wire";
import type { Clock } from "../connection/clock.ts";
import type { Line } from "../transport/transport.ts";

/** What happens to sends that cannot go out at once. */
export interface SendOptions {
  /** While the line is down: "reject" at once (default), or "queue" until it is back. */
  readonly whileDown?: "reject" | "queue" | undefined;
  /** The most messages that wait. Default 1000. */
  readonly queueMessages?: number | undefined;
  /** The most bytes that wait. Default 1 048 576. */
  readonly queueBytes?: number | undefined;
  /** How long a message may wait for a line, in milliseconds. Default 30 000. */
  readonly queueAgeMs?: number | undefined;
  /** Which message is given up when the queue is full: the one that waited longest, or the new one (default). */
  readonly queueDrop?: "oldest" | "newest" | undefined;
  /** Above so many bytes not yet on the network, sends wait. Default 65 536. */
  readonly highWaterMark?: number | undefined;
}

export type Sendable = string | ArrayBuffer | Blob | ArrayBufferView<ArrayBuffer>;

interface Waiting {
  readonly payload: Sendable;
  readonly bytes: number;
  readonly until: number;
  resolve(): void;
  reject(error: TidewireError): void;
}

/** A browser tells nobody when a socket has drained, so a full one is looked at again after this long. */
const DRAIN_CHECK_MS = 10;

/** Sends in order: at once while the line takes them, else from a bounded queue. */
export class SendQueue {
  readonly #options: SendOptions;
  readonly #clock: Clock;
  readonly #line: () => Line | undefined;
  #waiting: Waiting[] = [];
  #bytes = 0;
  #cancelTimer: (() => void) | undefined;

  constructor(options: SendOptions, clock: Clock, line: () => Line | undefined) {
    this.#options = options;
    this.#clock = clock;
    this.#line = line;
  }

  /** Resolves when the payload was handed over. A volatile one that cannot go at once is dropped in silence. */
  send(payload: Sendable, isVolatile: boolean): Promise<void> {
    const line = this.#line();
    const canGo = line !== undefined && this.#waiting.length === 0 && this.#hasRoom(line);
    if (canGo) return handOver(line, payload);
    if (isVolatile) return Promise.resolve();
    if (line === undefined && this.#options.whileDown !== "queue") return Promise.reject(notOpen());
    return this.#wait(payload);
  }

  /** The line is open, or has drained: whatever waits may go. */
  flush(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const line = this.#line();
    this.#dropOld();
    while (line !== undefined && this.#waiting.length > 0 && this.#hasRoom(line)) {
      const next = this.#take();
      if (next) handOver(line, next.payload).then(next.resolve, next.reject);
    }
    const first = this.#waiting[0];
    if (!first) return;
    const nextMs = line === undefined ? Math.max(0, first.until - this.#clock.now()) : DRAIN_CHECK_MS;
    this.#cancelTimer = this.#clock.after(nextMs, () => this.flush());
  }

  /** The line was lost: without a queue for such times, whatever waited for room is refused. */
  lost(): void {
    if (this.#options.whileDown === "queue") this.flush();
    else this.refuse(notOpen());
  }

  /** Nothing will go out any more. */
  refuse(error: TidewireError): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const refused = this.#waiting;
    this.#waiting = [];
    this.#bytes = 0;
    for (const one of refused) one.reject(error);
  }

  #hasRoom(line: Line): boolean {
    return line.bufferedAmount <= (this.#options.highWaterMark ?? 65_536);
  }

  #wait(payload: Sendable): Promise<void> {
    const { queueMessages = 1000, queueBytes = 1_048_576, queueAgeMs = 30_000, queueDrop = "newest" } = this.#options;
    const bytes = sizeOf(payload);
    const isFull = (): boolean => this.#waiting.length >= queueMessages || this.#bytes + bytes > queueBytes;
    while (queueDrop === "oldest" && isFull() && this.#waiting.length > 0) {
      this.#take()?.reject(dropped("The send queue was full: this message waited longest."));
    }
    if (isFull()) return Promise.reject(dropped("The send queue is full."));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ payload, bytes, until: this.#clock.now() + queueAgeMs, resolve, reject });
      this.#bytes += bytes;
      if (this.#cancelTimer === undefined) this.flush();
    });
  }

  #dropOld(): void {
    const now = this.#clock.now();
    for (let first = this.#waiting[0]; first && first.until <= now; first = this.#waiting[0]) {
      this.#take()?.reject(dropped("This message waited too long for a line."));
    }
  }

  #take(): Waiting | undefined {
    const first = this.#waiting.shift();
    if (first) this.#bytes -= first.bytes;
    return first;
  }
}

async function handOver(line: Line, payload: Sendable): Promise<void> {
  line.send(payload);
}

function sizeOf(payload: Sendable): number {
  if (typeof payload === "string") return new TextEncoder().encode(payload).length;
  return payload instanceof Blob ? payload.size : payload.byteLength;
}

const dropped = (message: string): TidewireError => new TidewireError("send-dropped", message);

function notOpen(): TidewireError {
  return new TidewireError(
    "not-open",
    'Nothing was sent: the line is down. Wait for "open", or give whileDown: "queue".',
  );
}
