import { type FoldRule, initialOf } from "./rule.ts";

/** Folds messages into a state. */
export interface Accumulator<In> {
  /** MAY throw, as the user's functions may: the state is then as before. */
  take(data: In, rule: FoldRule<In>): void;
  /** An immutable value: the same object until something was taken. */
  state(): unknown;
}

const MAX_KEYS = 10_000;

/** The accumulator that a rule asks for, from its initial value or from where another one stands. */
export function accumulatorOf<In>(rule: FoldRule<In>, from?: Accumulator<In>): Accumulator<In> {
  const start = from ? from.state() : initialOf(rule);
  return rule.conflate ? conflating(start as ReadonlyMap<unknown, In>) : reducing(start);
}

function reducing<In>(start: unknown): Accumulator<In> {
  let state = start;
  return {
    take(data, { reduce }) {
      state = reduce ? reduce(state as never, data) : data;
    },
    state: () => state,
  };
}

/** Copies the rows once per look, not once per message. */
function conflating<In>(start: ReadonlyMap<unknown, In>): Accumulator<In> {
  const rows = new Map(start);
  let picture: ReadonlyMap<unknown, In> | undefined = start;
  return {
    take(data, { conflate, maxKeys = MAX_KEYS }) {
      rows.set(conflate?.(data), data);
      picture = undefined;
      for (const key of rows.keys()) {
        if (rows.size <= maxKeys) break;
        rows.delete(key);
      }
    },
    state() {
      picture ??= new Map(rows);
      return picture;
    },
  };
}
