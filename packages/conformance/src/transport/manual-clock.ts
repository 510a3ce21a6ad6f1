interface Timer {
  readonly due: number;
  readonly run: () => void;
}

/** A clock that stands still until it is moved. Sockets go on in real time. */
export interface ManualClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs once after `ms`; what it returns calls it off. */
  after(ms: number, run: () => void): () => void;
  /** Timers that are set and have not fired. */
  readonly pending: number;
  /** Moves on by so many milliseconds; what falls due on the way runs at its own time, in order. */
  advance(ms: number): void;
}

/** Makes a {@link ManualClock} that starts at the real time, so that dates from servers make sense to it. */
export function createManualClock(): ManualClock {
  const timers = new Set<Timer>();
  let time = Date.now();

  function nextDue(until: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of timers) {
      if (timer.due <= until && (next === undefined || timer.due < next.due)) next = timer;
    }
    return next;
  }

  return {
    now: () => time,
    after(ms, run) {
      const timer = { due: time + Math.max(0, ms), run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    get pending() {
      return timers.size;
    },
    advance(ms) {
      const until = time + ms;
      for (let next = nextDue(until); next !== undefined; next = nextDue(until)) {
        timers.delete(next);
        time = Math.max(time, next.due);
        next.run();
      }
      time = until;
    },
  };
}
