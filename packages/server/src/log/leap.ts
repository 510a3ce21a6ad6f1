import type { GapReason } from "../line.ts";
import type { Log } from "./log.ts";
import type { Place } from "./place.ts";
import { skipFor } from "./policy.ts";

/** A hole in the history before a place: it goes on after `to`. */
export interface Leap {
  readonly to: number;
  readonly why: GapReason;
}

/**
 * What stands between a place and its next message: nothing, a hole, or an end. "ask": this node's ring no longer reaches back
 * to it, and the engine has to be asked before that is called a hole. "wait": the ring is being read anew.
 */
export function leapOf(place: Place, isBehind: boolean): Leap | "ask" | "wait" | "close" | undefined {
  const { topic, e, o, isLive, found } = place;
  const { log } = topic;
  const isElsewhere = e !== log.e || o > log.top;
  if (isElsewhere && topic.loading !== undefined) return "wait";
  if (place.isLimited) return { to: log.top, why: "limit" };
  if (e !== log.e) return { to: log.min, why: e < log.e ? anew(log) : "rollback" };
  if (o > log.top) return { to: log.top, why: "rollback" };
  const skip = isBehind && isLive ? skipFor(topic, o) : undefined;
  // A line that took all it was given was not slow: what is gone was lost before it came to this node.
  const why = isBehind && isLive ? "slow" : "trimmed";
  if (skip !== undefined) return skip === "close" ? "close" : { to: Math.max(log.min, skip), why };
  if (o >= log.min) return undefined;
  if (!found) return "ask";
  // An answer about another epoch is older or newer than this node's ring, which will follow.
  if (found.e !== e || found.entries.length === 0) return { to: log.min, why };
  return found.min > o ? { to: found.min, why } : undefined;
}

/**
 * Why there is a hole before a log that began anew. "restart": all that it ever held follows. Whether the one before it had
 * more than the reader saw, nobody can tell. "epoch": also of the new one something is gone.
 */
function anew({ min }: Log): GapReason {
  return min === 0 ? "restart" : "epoch";
}
