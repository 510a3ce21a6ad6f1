import type { StoreOptions } from "./options.ts";

/** The part of the options that decides what the state is. */
export type FoldRule<In> = Pick<StoreOptions<In, never>, "initial" | "reduce" | "conflate" | "maxKeys">;

const NO_ROWS: ReadonlyMap<unknown, unknown> = new Map();

/** What a rule shows before the first message. */
export function initialOf(rule: FoldRule<never>): unknown {
  return rule.conflate && rule.initial === undefined ? NO_ROWS : rule.initial;
}

/** True when two rules keep states of the same make, so that one can go on from the other's. */
export function isSameKind(one: FoldRule<never>, other: FoldRule<never>): boolean {
  return (one.conflate === undefined) === (other.conflate === undefined);
}

/** True when two rules make the same state of the same messages, so that one fold can serve both. */
export function isSameRule<In>(one: FoldRule<In>, other: FoldRule<In>): boolean {
  if (one.reduce !== other.reduce || one.conflate !== other.conflate || one.maxKeys !== other.maxKeys) return false;
  const isNewest = one.reduce === undefined && one.conflate === undefined;
  return isNewest || isSameInitial(one.initial, other.initial); // the newest message owes nothing to the initial value
}

/** Initial values written in place (`[]`, `{ count: 0 }`) are new objects at each render, and still mean the same fold. */
function isSameInitial(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (!isPlain(one) || !isPlain(other)) return false;
  try {
    return JSON.stringify(one) === JSON.stringify(other);
  } catch {
    return false; // circular, or a bigint: not worth the trouble, the second reader folds for itself
  }
}

function isPlain(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}
