import type { NatsConnection } from "@nats-io/nats-core";
import type { TidewireError } from "@tidewire/wire";
import { away, failure } from "./failure.ts";
import type { Session } from "./streams.ts";

/** What a lifeline is given. */
export interface LifelineEvents {
  connect(): Promise<NatsConnection>;
  /** Makes a new connection ready. What rejects here is dialled again. */
  open(nc: NatsConnection): Promise<Session>;
  up(session: Session): void;
  down(): void;
  onError(error: TidewireError): void;
}

const PULSE_MS = 2000;
/** So many pulses may be missing: silence is found within 8 s. */
const PULSES_MISSING = 3;
const RETRY_MS = [100, 250, 500, 1000, 2000];

/**
 * Keeps one connection open. The client's own reconnecting is never trusted: it would send late what was given up, and
 * subscribe again without anybody having compared. A connection that was lost, or hears nothing of itself, is closed and dialled anew.
 */
export class Lifeline {
  readonly #events: LifelineEvents;
  readonly #pulse: string;
  readonly #closing = new AbortController();
  #session: Session | undefined;
  #why: TidewireError = away();
  /** Settled once it is known whether the first dial succeeded. */
  readonly #first: Promise<void>;
  #tried: () => void = () => {};

  constructor(pulse: string, events: LifelineEvents) {
    this.#pulse = pulse;
    this.#events = events;
    this.#first = new Promise((resolve) => {
      this.#tried = resolve;
    });
    void this.#run();
  }

  /** Undefined while there is none. */
  get session(): Session | undefined {
    return this.#session;
  }

  /** The open connection; waits for the first dial, and for no other. */
  async reach(): Promise<Session> {
    if (!this.#session) await this.#first;
    if (!this.#session) throw this.#why;
    return this.#session;
  }

  /** This connection is of no use any more: the next one is. */
  renew(): void {
    this.#session?.nc.close().catch(() => {});
  }

  close(): void {
    this.#closing.abort();
    this.#session = undefined;
    this.#tried();
  }

  async #run(): Promise<void> {
    for (let attempt = 0; !this.#closing.signal.aborted; attempt += 1) {
      const since = performance.now();
      await this.#live();
      if (performance.now() - since > 10_000) attempt = 0;
      const pause = RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)] as number;
      await this.#sleep(pause * (0.5 + Math.random()));
    }
  }

  /** One connection, from dial to end. Never rejects. */
  async #live(): Promise<void> {
    let nc: NatsConnection | undefined;
    try {
      nc = await this.#events.connect();
      const lost = this.#watch(nc);
      const session = await Promise.race([this.#events.open(nc), lost]);
      if (!session || this.#closing.signal.aborted) throw away();
      this.#session = session;
      this.#tried();
      this.#events.up(session);
      await lost;
    } catch (error) {
      this.#why = failure(error);
      if (!this.#closing.signal.aborted) this.#events.onError(this.#why);
    }
    const wasUp = this.#session !== undefined;
    this.#session = undefined;
    this.#tried();
    if (wasUp) {
      this.#why = away();
      this.#events.down();
    }
    nc?.close().catch(() => {}); // Nothing is owed to it any more.
  }

  /** Resolves when the connection is of no use any more. */
  #watch(nc: NatsConnection): Promise<undefined> {
    return new Promise((resolve) => {
      let missing = 0;
      const end = () => {
        clearInterval(timer);
        this.#closing.signal.removeEventListener("abort", end);
        resolve(undefined);
      };
      nc.subscribe(this.#pulse, {
        callback: () => {
          missing = 0;
        },
      });
      const timer = setInterval(() => {
        missing += 1;
        if (missing > PULSES_MISSING || nc.isClosed()) return end();
        nc.publish(this.#pulse);
      }, PULSE_MS);
      timer.unref?.();
      this.#closing.signal.addEventListener("abort", end);
      void nc.closed().then(end);
      void this.#follow(nc, end);
    });
  }

  async #follow(nc: NatsConnection, end: () => void): Promise<void> {
    for await (const { type } of nc.status()) {
      if (type === "disconnect" || type === "staleConnection" || type === "close") return end();
    }
    end();
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, ms);
      timer.unref?.();
      const { signal } = this.#closing;
      function done() {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      }
      signal.addEventListener("abort", done);
    });
  }
}
