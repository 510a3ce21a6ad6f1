import type { Clock } from "./clock.ts";
import { LEAST_LIMIT_MS, type Rhythm } from "./rhythm.ts";

/** Watches an open line for silence. */
export interface Liveness {
  /** A byte came, or (`isHeartbeat`) it was found to be a mere sign of life. Cheap: called for every chunk. */
  alive(isHeartbeat?: boolean): void;
  /** The page woke, or (`isNetworkNew`) the network came back: judge now rather than at the deadline. */
  wake(isNetworkNew?: boolean): void;
  stop(): void;
}

/** What {@link watchLiveness} needs. */
export interface LivenessOptions {
  readonly clock: Clock;
  /** No byte for so long: the line is dead. Undefined: the rhythm says. */
  readonly silenceMs: number | undefined;
  /** What the server has shown, on this line and earlier ones. */
  readonly rhythm: Rhythm;
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

/** Unless the machine slept, no timer fires this late: those of hidden pages are held back for up to a minute. */
const SLEPT_MS = 90_000;

/** A rhythm is told at most this often, however busy the line is: a burst is none. */
const TELL_MS = 1000;

/** After so many chunks in one millisecond the clock rests: reading it for each would be felt. */
const READINGS = 100;

/** After so much silence a line that nobody judges otherwise is not trusted when the page wakes. */
const WAKE_QUIET_MS = 60_000;

/**
 * Calls `onSilent` once when no byte came in time; a late timer gets one more moment before it judges. A line that was
 * busy when it fell silent is judged up to a second late.
 */
export function watchLiveness(options: LivenessOptions): Liveness {
  const { clock, silenceMs, rhythm, ping, pingMs = 25_000, pongMs = 5000, onSilent } = options;
  let aliveAt = clock.now();
  /** How often the clock may still be read in this millisecond. 0: it rests, for {@link LATE_MS}. */
  let readings = READINGS;
  let stop: () => void = () => {};
  /** When the rhythm was last told something, and whether that may yet turn out to be a heartbeat. */
  let toldAt = aliveAt;
  let isFresh = false;
  const quietMs = (): number => clock.now() - aliveAt;
  /** `isTrusted`: nothing happened to the page or the machine that a line might not have survived. */
  const limitMs = (isTrusted: boolean): number =>
    ping ? pingMs : (silenceMs ?? (isTrusted ? rhythm.limitMs : WAKE_QUIET_MS));

  /** Waits until the line has been silent for the limit. What is learned changes it: it is asked for now and then. */
  function watch(restMs = Math.min(limitMs(true) - quietMs(), silenceMs ?? LEAST_LIMIT_MS)): void {
    if (restMs === Number.POSITIVE_INFINITY) return;
    const due = clock.now() + restMs;
    stop = clock.after(restMs, () => {
      if (!readings) {
        readings = READINGS;
        aliveAt = due; // bytes came until then; a late timer does not know of later ones
      }
      const lateMs = clock.now() - due;
      if (quietMs() < limitMs(lateMs < SLEPT_MS)) watch();
      else if (ping || lateMs > LATE_MS) doubt();
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
    alive(isHeartbeat) {
      if (!readings) return;
      const now = clock.now();
      if (now - toldAt >= TELL_MS) {
        isFresh = !!aliveAt; // what answers a doubt comes late, and says nothing of a rhythm
        if (isFresh) rhythm.heard(now - toldAt);
        toldAt = now;
      }
      if (isHeartbeat && isFresh) {
        isFresh = false;
        rhythm.heartbeat();
      }
      readings = now > aliveAt ? READINGS : readings - 1;
      aliveAt = now;
      if (readings) return;
      stop();
      watch(LATE_MS);
    },
    wake(isNetworkNew) {
      // Nobody else would ever notice that a line without a rhythm did not survive.
      const isAsked = isNetworkNew && limitMs(true) === Number.POSITIVE_INFINITY && silenceMs === undefined;
      if (ping || isAsked || quietMs() >= limitMs(false)) doubt();
    },
    stop() {
      readings = 0; // what the line says late begins no timer
      stop();
    },
  };
}
