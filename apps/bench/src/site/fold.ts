import type { Tick } from "../browser/pace.ts";

/** What a page shows: so little that the way there is what costs. */
export interface State {
  readonly count: number;
  readonly n: number;
  readonly volume: number;
  readonly price: number;
}

export const initial: State = { count: 0, n: -1, volume: 0, price: 0 };

export const fold = (state: State, tick: Tick): State => ({
  count: state.count + 1,
  n: tick.n,
  volume: state.volume + tick.size,
  price: tick.price,
});

/** Where a frame carries all that was due in one tick. */
export const foldBatch = (state: State, ticks: readonly Tick[]): State => ticks.reduce(fold, state);

/** The one or the other, for whoever has parsed a message. */
export const foldAny = (state: State, message: Tick | readonly Tick[]): State =>
  Array.isArray(message) ? foldBatch(state, message) : fold(state, message as Tick);
