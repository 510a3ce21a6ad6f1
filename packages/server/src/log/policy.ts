import type { Log } from "./log.ts";

/**
 * What becomes of a reader that fell behind: it reads on where it stood (`replay`), skips to the newest message (`latest`) or
 * to the newest `maxLag` (`dropOldest`), or is closed once it lags more than `maxLag` (`close`). Every skip is said as a gap.
 */
export type SlowPolicy = "replay" | "latest" | "dropOldest" | "close";

/** As much of a topic as the policy looks at. */
interface Followed {
  readonly policy: SlowPolicy;
  readonly maxLag: number;
  readonly log: Log;
}

/** Where a reader at offset `o` that fell behind goes on; undefined where it stands. */
export function skipFor(topic: Followed, o: number): number | "close" | undefined {
  const { policy, maxLag, log } = topic;
  if (policy === "replay") return undefined;
  const newest = log.before(policy === "latest" ? 1 : maxLag);
  if (o >= newest) return undefined;
  return policy === "close" ? "close" : newest;
}
