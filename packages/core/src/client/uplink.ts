import { encodeJson, type NumberedFrame, TidewireError } from "@tidewire/wire";

/** A frame to be numbered. */
export type UpMessage =
  | { readonly k: "pub"; readonly t: string; readonly d: unknown }
  | { readonly k: "call"; readonly id: number; readonly m: string; readonly d: unknown };

/** What a frame adds to its data, roughly. */
const ENVELOPE_CHARS = 64;

interface Pending {
  readonly frame: NumberedFrame;
  readonly size: number;
  resolve(): void;
  reject(error: TidewireError): void;
}

/** What waits for the hub's word, in order (PROTOCOL.md rule 11). */
export class Uplink {
  /** Not acknowledged, by number, oldest first. */
  readonly #pending = new Map<number, Pending>();
  #size = 0;
  #last = 0;
  #sent = 0;
  /** The most characters of one batch, as the hub says. */
  maxChars = 65_536;
  readonly #maxMessages: number;
  readonly #maxBytes: number;

  constructor(maxMessages: number, maxBytes: number) {
    this.#maxMessages = maxMessages;
    this.#maxBytes = maxBytes;
  }

  /** The first number that is not acknowledged. */
  get first(): number {
    return this.#pending.keys().next().value ?? this.#last + 1;
  }

  get isEmpty(): boolean {
    return this.#pending.size === 0;
  }

  /** Resolves when the hub did it, rejects when the hub would not, or when too much waits already. */
  add(message: UpMessage): Promise<void> {
    const size = encodeJson(message.d).length + ENVELOPE_CHARS;
    if (size > this.maxChars) {
      const text = `A message of ${size} characters is more than the hub takes (${this.maxChars}): send it in parts.`;
      return Promise.reject(new TidewireError("too-large", text));
    }
    if (this.#pending.size >= this.#maxMessages || this.#size + size > this.#maxBytes) {
      return Promise.reject(
        new TidewireError("send-dropped", "Too much waits for the hub's word: queueMessages, queueBytes."),
      );
    }
    this.#last += 1;
    const frame = { ...message, n: this.#last };
    this.#size += size;
    return new Promise((resolve, reject) => {
      this.#pending.set(frame.n, { frame, size, resolve, reject });
    });
  }

  /** What was not sent on this line, as much as fits into one batch. */
  take(): NumberedFrame[] {
    const frames: NumberedFrame[] = [];
    let chars = 0;
    for (let n = Math.max(this.#sent + 1, this.first); n <= this.#last; n += 1) {
      const pending = this.#pending.get(n);
      if (!pending) continue; // refused in the meantime
      if (frames.length > 0 && chars + pending.size > this.maxChars) break;
      chars += pending.size;
      frames.push(pending.frame);
      this.#sent = n;
    }
    return frames;
  }

  /** Everything that is not acknowledged goes up again: another line, or an answer that never came. */
  rewind(): void {
    this.#sent = this.first - 1;
  }

  /** The hub did everything up to `n`. */
  ack(n: number): void {
    for (const number of this.#pending.keys()) {
      if (number > n) break;
      this.#remove(number)?.resolve();
    }
  }

  /** The hub would not do this one. It counts as done. */
  refuse(n: number, error: TidewireError): void {
    this.#remove(n)?.reject(error);
  }

  /** Nothing will go up any more. */
  end(error: TidewireError): void {
    for (const n of [...this.#pending.keys()]) this.#remove(n)?.reject(error);
  }

  #remove(n: number): Pending | undefined {
    const pending = this.#pending.get(n);
    if (!pending) return undefined;
    this.#pending.delete(n);
    this.#size -= pending.size;
    return pending;
  }
}
