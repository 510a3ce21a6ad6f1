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
  /** No byte for so long: the line is dead. */
  readonly silenceMs: number;
  /** After so much silence a line that cannot be pinged is not trusted when the page wakes. */
  readonly wakeQuietMs: number;
  /** Asks the other side for a sign of life, where the wire has a way; false where it has none. */
  readonly ping: () => boolean;
  /** How long an answer to a ping may take. */
  readonly pongMs: number;
  /** When to ping after silence; undefined: only when verifying. */
  readonly pingMs: number | undefined;
  readonly onSilent: () => void;
}

/** A timer that fires this late means that the machine slept or the loop was blocked: bytes may be waiting unread. */
const LATE_MS = 1000;

/** Calls `onSilent` once when no byte came in time; a late timer gets one more moment before it judges. */
export function watchLiveness(options: LivenessOptions): Liveness {
  const { clock } = options;
  let aliveAt = clock.now();
  let cancel: () => void = () => {};

  /** Looks again in `ms`; `deadline` says what silence since `aliveAt` is death. */
  function check(ms: number, judge: () => void): void {
    cancel();
    const due = clock.now() + ms;
    cancel = clock.after(ms, () => {
      if (clock.now() - due > LATE_MS) grace();
      else judge();
    });
  }

  function grace(): void {
    const seen = aliveAt;
    if (options.ping()) return verify();
    check(LATE_MS, () => (aliveAt === seen && quietMs() >= options.silenceMs ? die() : plan()));
  }

  /** A ping is under way: any byte is an answer. */
  function verify(): void {
    const seen = aliveAt;
    check(options.pongMs, () => (aliveAt === seen ? die() : plan()));
  }

  const quietMs = (): number => clock.now() - aliveAt;
  const die = (): void => {
    cancel();
    options.onSilent();
  };

  function plan(): void {
    const quiet = quietMs();
    const { pingMs, silenceMs } = options;
    if (pingMs !== undefined) {
      if (quiet < pingMs) return check(pingMs - quiet, plan);
      if (options.ping()) return verify();
    }
    if (silenceMs === Number.POSITIVE_INFINITY) return;
    if (quiet >= silenceMs) return die();
    check(silenceMs - quiet, plan);
  }

  plan();
  return {
    alive() {
      aliveAt = clock.now();
    },
    wake() {
      if (options.ping()) return verify();
      const seen = aliveAt;
      if (quietMs() >= options.wakeQuietMs) check(LATE_MS, () => (aliveAt === seen ? die() : plan()));
    },
    stop: () => cancel(),
  };
}
