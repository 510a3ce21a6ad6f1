import { type Clock, createRealtime, type LineEvents, type Transport } from "@tidewire/core";
import type { Accepted } from "./server.ts";

/** Longer than any line must be open to be healthy. */
const HEALTHY_MS = 60_000;
/** By then everybody is back. */
const OVER_MS = 60_000;

/** Time that passes at once, and in which nothing takes any. */
class SimulatedClock implements Clock {
  #now = 0;
  readonly #timers = new Map<() => void, number>();

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    const timer = () => run();
    this.#timers.set(timer, this.#now + ms);
    return () => void this.#timers.delete(timer);
  }

  /** Runs what falls due within so many milliseconds, in order. */
  pass(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      let next: (() => void) | undefined;
      let at = until;
      for (const [timer, due] of this.#timers) {
        if (due >= at) continue;
        next = timer;
        at = due;
      }
      this.#now = at;
      if (!next) return;
      this.#timers.delete(next);
      next();
    }
  }
}

/**
 * The same storm among the same clients, where no machine gets in their way: each connection, its waits and its dice are
 * the real ones; only time and the wire are not. Tells who connected, and when after the cut.
 */
export function simulatedStorm(clients: number): Accepted[] {
  const clock = new SimulatedClock();
  const lines: LineEvents[] = [];
  let accepted: Accepted[] = [];
  let cutAt = 0;
  const streams = Array.from({ length: clients }, (_, index) => {
    const transport: Transport = {
      name: "simulated",
      key: undefined,
      settings: {},
      canRedial: true,
      silenceMs: undefined,
      open(_dial, events) {
        lines[index] = events;
        accepted.push([String(index), clock.now() - cutAt]);
        events.opened();
        return { close() {} };
      },
    };
    return createRealtime(transport, { clock }).subscribe();
  });
  clock.pass(HEALTHY_MS);
  accepted = [];
  cutAt = clock.now();
  for (const line of [...lines]) line.closed({});
  clock.pass(OVER_MS);
  for (const stream of streams) stream.unsubscribe();
  return accepted;
}
