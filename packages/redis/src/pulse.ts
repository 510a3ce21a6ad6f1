/** What a connection that only listens is looked after with. */
export interface PulseEvents {
  /** Publishes to the own channel. Rejects where that could not be done, which says nothing about the listener. */
  probe(): Promise<unknown>;
  /** Nothing came, and the probe neither. */
  silent(): void;
}

const TICK_MS = 1000;
/** After so long without a message the engine publishes one to itself. */
const SILENT_MS = 4000;
/** So long a probe may take. Silence is found within the sum of the three. */
const ANSWER_MS = 3000;

/** Finds a subscriber that answers pings and hears nothing. */
export class Pulse {
  readonly #events: PulseEvents;
  readonly #timer: ReturnType<typeof setInterval>;
  #heardAt = performance.now();
  /** When a probe was published that was not heard yet. */
  #probedAt: number | undefined;
  #isProbing = false;
  /** Doubled each time that a new connection did not help. */
  #patience = 1;

  constructor(events: PulseEvents) {
    this.#events = events;
    this.#timer = setInterval(() => void this.#tick(), TICK_MS);
    (this.#timer as { unref?(): void }).unref?.();
  }

  heard(): void {
    this.#heardAt = performance.now();
    this.#probedAt = undefined;
    this.#patience = 1;
  }

  /** A new connection: what the last one heard says nothing about it. */
  restart(): void {
    this.#heardAt = performance.now();
    this.#probedAt = undefined;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #tick(): Promise<void> {
    const now = performance.now();
    if (this.#probedAt !== undefined) {
      if (now - this.#probedAt < ANSWER_MS * this.#patience) return;
      this.#patience = Math.min(this.#patience * 2, 16);
      this.restart();
      return this.#events.silent();
    }
    if (this.#isProbing || now - this.#heardAt < SILENT_MS) return;
    this.#isProbing = true;
    try {
      const { heardAt } = { heardAt: this.#heardAt };
      await this.#events.probe();
      if (this.#heardAt === heardAt) this.#probedAt = performance.now();
    } catch {
      // The other connection has its own guard.
    } finally {
      this.#isProbing = false;
    }
  }
}
