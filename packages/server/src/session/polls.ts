/** A poll's answer that holds this much is sent; the rest is asked for again. */
export const FULL_ANSWER_BYTES = 262_144;

/** Polls that go on while the hub drains hand over within this time, in milliseconds. */
const MOVE_SPREAD_MS = 1000;

/** How much of a replay one line of this kind can take. */
export function mostTaken(transport: string): number {
  return transport === "poll" ? FULL_ANSWER_BYTES : Number.POSITIVE_INFINITY;
}

/** When one of many polls hands over, in milliseconds: each at a moment of its own. */
export function momentToMove(): number {
  return Math.floor(Math.random() * MOVE_SPREAD_MS);
}
