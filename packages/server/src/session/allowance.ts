/** How much may come, and how often. */
export interface Rate {
  /** So much may come at once. */
  readonly burst: number;
  /** So much comes back in a second. */
  readonly perSecond: number;
}

/** A bucket that fills by time: whoever takes from it may go on until it is empty. */
export class Allowance {
  readonly #rate: Rate;
  #left: number;
  #at: number;

  constructor(rate: Rate, now: number) {
    this.#rate = rate;
    this.#left = rate.burst;
    this.#at = now;
  }

  /** Takes `cost`, and gives 0; or takes nothing, and gives the milliseconds after which it could. */
  take(cost: number, now: number): number {
    const { burst, perSecond } = this.#rate;
    const asked = Math.min(cost, burst); // What could never be had at once may be had when the bucket is full.
    const gained = (Math.max(0, now - this.#at) / 1000) * perSecond; // A clock that was set back gives nothing.
    this.#left = Math.min(burst, this.#left + gained);
    this.#at = now;
    if (asked <= this.#left) {
      this.#left -= asked;
      return 0;
    }
    return Math.max(1, Math.ceil(((asked - this.#left) / perSecond) * 1000));
  }
}

/** What a session or a plain line may still send, and have replayed. A session's next line has the same. */
export interface Budget {
  inbound: Allowance | undefined;
  replay: Allowance | undefined;
}
