import { encodeJson, type NumberedFrame, TidewireError } from "@tidewire/wire";
import type { Clock } from "../connection/clock.ts";

/** A frame to be numbered. */
export type UpMessage =
  | { readonly k: "pub"; readonly t: string; readonly d: unknown }
  | { readonly k: "call"; readonly id: number; readonly m: string; readonly d: unknown };

/** How much may wait, and for how long. */
export interface UplinkLimits {
  readonly maxMessages: number;
  readonly maxBytes: number;
  /** When its sender is told, whatever is known by then. */
  readonly timeoutMs: number;
}

/** What a frame adds to its data, roughly. */
const ENVELOPE_CHARS = 64;

interface Pending {
  readonly message: UpMessage;
  readonly size: number;
  readonly dueAt: number;
  /** Its number, from the first time on that it goes up. */
  frame?: NumberedFrame;
  resolve(): void;
  reject(error: TidewireError): void;
}

/** What waits for the hub's word, in order (PROTOCOL.md rule 11). */
export class Uplink {
  /** Sent and not acknowledged, by number, oldest first. */
  readonly #sentOnes = new Map<number, Pending>();
  /** Never sent: without a number, so that what is given up leaves no hole. */
  readonly #unsent = new Set<Pending>();
  /** Whose senders were not told yet, oldest first. */
  readonly #untold = new Set<Pending>();
  #size = 0;
  #last = 0;
  #sent = 0;
  #cancelTimer: (() => void) | undefined;
  /** The most characters of one batch, as the hub says. */
  maxChars = 65_536;
  readonly #limits: UplinkLimits;
  readonly #clock: Clock;

  constructor(limits: UplinkLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** The first number that is not acknowledged. */
  get first(): number {
    return this.#sentOnes.keys().next().value ?? this.#last + 1;
  }

  get isEmpty(): boolean {
    return this.#sentOnes.size + this.#unsent.size === 0;
  }

  /**
   * Resolves when the hub did it, rejects when the hub would not, when too much waits already, or when it is time: what was
   * never sent by then is not done, and of what was sent nobody knows; it keeps its number, and is done once at most.
   */
  add(message: UpMessage): Promise<void> {
    const { maxMessages, maxBytes, timeoutMs } = this.#limits;
    const size = encodeJson(message.d).length + ENVELOPE_CHARS;
    if (size > this.maxChars) {
      const text = `A message of ${size} characters is more than the hub takes (${this.maxChars}): send it in parts.`;
      return Promise.reject(new TidewireError("too-large", text));
    }
    if (this.#sentOnes.size + this.#unsent.size >= maxMessages || this.#size + size > maxBytes) {
      return Promise.reject(
        new TidewireError("send-dropped", "Too much waits for the hub's word: queueMessages, queueBytes."),
      );
    }
    this.#size += size;
    return new Promise((resolve, reject) => {
      const pending = { message, size, dueAt: this.#clock.now() + timeoutMs, resolve, reject };
      this.#unsent.add(pending);
      this.#untold.add(pending);
      this.#watch();
    });
  }

  /** What was not sent on this line, as much as fits into one batch. */
  take(): NumberedFrame[] {
    const frames: NumberedFrame[] = [];
    let chars = 0;
    for (const pending of this.#unsentOnThisLine()) {
      if (frames.length > 0 && chars + pending.size > this.maxChars) break;
      chars += pending.size;
      const frame = pending.frame ?? this.#number(pending);
      frames.push(frame);
      this.#sent = frame.n;
    }
    return frames;
  }

  /** Everything that is not acknowledged goes up again: another line, or an answer that never came. */
  rewind(): void {
    this.#sent = this.first - 1;
  }

  /** The hub did everything up to `n`. */
  ack(n: number): void {
    for (const [number, pending] of this.#sentOnes) {
      if (number > n) break;
      this.#remove(pending);
      pending.resolve();
    }
  }

  /** The hub would not do this one. It counts as done. */
  refuse(n: number, error: TidewireError): void {
    const pending = this.#sentOnes.get(n);
    if (!pending) return;
    this.#remove(pending);
    pending.reject(error);
  }

  /** Nothing will go up any more. */
  end(error: TidewireError): void {
    for (const pending of [...this.#sentOnes.values(), ...this.#unsent]) {
      this.#remove(pending);
      pending.reject(error);
    }
  }

  *#unsentOnThisLine(): Generator<Pending> {
    for (let n = Math.max(this.#sent + 1, this.first); n <= this.#last; n += 1) {
      const pending = this.#sentOnes.get(n); // it may have been refused in the meantime
      if (pending) yield pending;
    }
    yield* this.#unsent;
  }

  #number(pending: Pending): NumberedFrame {
    this.#last += 1;
    this.#unsent.delete(pending);
    this.#sentOnes.set(this.#last, pending);
    pending.frame = { ...pending.message, n: this.#last };
    return pending.frame;
  }

  #remove(pending: Pending): void {
    if (pending.frame) this.#sentOnes.delete(pending.frame.n);
    this.#unsent.delete(pending);
    this.#size -= pending.size;
    this.#told(pending);
  }

  #told(pending: Pending): void {
    this.#untold.delete(pending);
    if (this.#untold.size > 0) return;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  /** All have the same time, so one timer for the oldest serves them all. */
  #watch(): void {
    const [oldest] = this.#untold;
    if (!oldest || this.#cancelTimer || oldest.dueAt === Number.POSITIVE_INFINITY) return;
    this.#cancelTimer = this.#clock.after(oldest.dueAt - this.#clock.now(), () => {
      this.#cancelTimer = undefined;
      for (const pending of [...this.#untold]) {
        if (pending.dueAt > this.#clock.now()) break;
        this.#giveUp(pending);
      }
      this.#watch();
    });
  }

  #giveUp(pending: Pending): void {
    const { timeoutMs } = this.#limits;
    if (pending.frame) this.#told(pending);
    else this.#remove(pending);
    pending.reject(
      pending.frame
        ? unconfirmed(timeoutMs)
        : new TidewireError("send-dropped", `Not sent: there was no connection for ${timeoutMs} ms.`),
    );
  }
}

/** The hub has said nothing, and may or may not have done it. */
export function unconfirmed(timeoutMs: number): TidewireError {
  const text = `The hub did not answer in ${timeoutMs} ms: nobody knows whether it was done. Sent anew it may be done twice.`;
  return new TidewireError("unconfirmed", text);
}
