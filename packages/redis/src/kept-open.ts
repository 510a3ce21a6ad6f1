/** First and longest wait between two dials, in milliseconds. */
const FIRST_MS = 25;
const LONGEST_MS = 2000;
/** A connection that lived for so long was healthy: the next dial follows at once. */
const HEALTHY_MS = 1000;
/** How long a connection may take until it is of use. */
const DIAL_MS = 5000;

/** Something that is open, and can be closed. */
interface Closable {
  close(): void;
}

/** What a connection is opened with, and who hears of it. */
export interface KeptOpenEvents<Open extends Closable> {
  dial(ended: () => void): Promise<Open>;
  /** Makes a new connection ready for use. One that cannot be is closed, and dialled again. */
  prepare(open: Open): Promise<void>;
  changed(): void;
  failed(error: unknown): void;
}

/** A connection that is dialled again whenever it ended: jittered, never in a hot loop, for ever. */
export class KeptOpen<Open extends Closable> {
  /** The connection, while it is of use. */
  now: Open | undefined;
  /** When it came to be of use, by `performance.now()`. */
  since = 0;
  /** Why the last dial failed; undefined while the connection is of use. */
  why: unknown;
  /** Settled when the first dial was. */
  readonly first: Promise<void>;
  readonly #events: KeptOpenEvents<Open>;
  #current: { close(): void } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempts = 0;
  #isClosed = false;

  constructor(events: KeptOpenEvents<Open>) {
    this.#events = events;
    this.first = this.#dial();
  }

  /** Hangs up what is there, and dials anew. */
  replace(): void {
    this.#current?.close();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#current?.close();
  }

  async #dial(): Promise<void> {
    let open: Open | undefined;
    let isOver = false;
    const current = {
      close: () => {
        if (isOver) return;
        isOver = true;
        open?.close();
        this.#ended(current);
      },
    };
    this.#current = current;
    const deadline = setTimeout(() => current.close(), DIAL_MS);
    try {
      open = await this.#events.dial(current.close);
      if (!isOver) await this.#events.prepare(open);
      if (isOver) return open.close();
      this.now = open;
      this.why = undefined;
      this.since = performance.now();
      this.#events.changed();
    } catch (error) {
      // Some clients say that a connection ended before they say why it never opened.
      if (!this.#isClosed) {
        this.why = error;
        this.#events.failed(error);
      }
      current.close();
    } finally {
      clearTimeout(deadline);
    }
  }

  #ended(current: object): void {
    if (this.#current !== current) return;
    this.#current = undefined;
    const wasOpen = this.now !== undefined;
    this.now = undefined;
    if (wasOpen) this.#events.changed();
    if (this.#isClosed) return;
    if (wasOpen && performance.now() - this.since > HEALTHY_MS) this.#attempts = 0;
    const window = Math.min(FIRST_MS * 1.6 ** this.#attempts, LONGEST_MS);
    this.#attempts += 1;
    this.#timer = setTimeout(() => void this.#dial(), window * (0.5 + Math.random() / 2));
  }
}
