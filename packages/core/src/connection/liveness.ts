import type { Clock } from "./clock.ts";

/** Watches an open line for silence. */
export interface Liveness {
  /** A byte came. Cheap: called for every chunk. */
  alive(): void;
  /** The page woke: judge now rather than at the deadline. */
  wake(): void;
  stop(): void;
}

/** What {@link watchLiveness} needs. */
export interface LivenessOptions {
  readonly clock: Clock;
  /** No byte for so long: the line is dead. Undefined: silence alone is not death. */
  readonly silenceMs: number | undefined;
  /** Asks the other side for a sign of life, where the wire has a way. */
  readonly ping: (() => void) | undefined;
  /** Silence before a ping. */
  readonly pingMs?: number | undefined;
  /** How long an answer to a ping may take. */
  readonly pongMs?: number | undefined;
  readonly onSilent: () => void;
}

/** A timer that fires this late means that the machine slept or the loop was blocked: bytes may be waiting unread. */
const LATE_MS = 1000;

/** After so many chunks in one millisecond the clock rests: reading it for each would be felt. */
const READINGS = 100;

/** After so much silence a line that nobody judges otherwise is not trusted when the page wakes. */
const WAKE_QUIET_MS = 60_000;

/**
 * Calls `onSilent` once when no byte came in time; a late timer gets one more moment before it judges. A line that was
 * busy when it fell silent is judged up to a second late.
 */
export function watchLiveness(options: LivenessOptions): Liveness {
  const { clock, silenceMs, ping, pingMs = 25_000, pongMs = 5000, onSilent } = options;
  const limitMs = ping ? pingMs : (silenceMs ?? Number.POSITIVE_INFINITY);
  let aliveAt = clock.now();
  /** How often the clock may still be read in this millisecond. 0: it rests, for {@link LATE_MS}. */
  let readings = READINGS;
  let stop: () => void = () => {};
  const quietMs = (): number => clock.now() - aliveAt;

  /** Waits until the line has been silent for the limit. */
  function watch(restMs = limitMs - quietMs()): void {
    if (restMs === Number.POSITIVE_INFINITY) return;
    const due = clock.now() + restMs;
    stop = clock.after(restMs, () => {
      if (!readings) {
        readings = READINGS;
        aliveAt = due; // bytes came until then; a late timer does not know of later ones
      }
      if (quietMs() < limitMs) watch();
      else if (ping || clock.now() - due > LATE_MS) doubt();
      else onSilent();
    });
  }

  /** Asks for a byte: without one the line is dead. */
  function doubt(): void {
    stop();
    ping?.();
    aliveAt = 0;
    readings = READINGS;
    stop = clock.after(ping ? pongMs : LATE_MS, () => (aliveAt ? watch() : onSilent()));
  }

  watch();
  return {
    alive() {
      if (!readings) return;
      const now = clock.now();
      readings = now > aliveAt ? READINGS : readings - 1;
      aliveAt = now;
      if (readings) return;
      stop();
      watch(LATE_MS);
    },
    wake() {
      if (ping || quietMs() >= (silenceMs ?? WAKE_QUIET_MS)) doubt();
    },
    stop() {
      readings = 0; // what the line says late begins no timer
      stop();
    },
  };
}
