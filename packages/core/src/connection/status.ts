import type { TidewireError } from "@tidewire/wire";

/** How a stream stands. One word, and what belongs to it. Losing a line is a status, never an error of the stream. */
export type Status =
  /** Nobody reads, or the source is disabled. */
  | { readonly status: "idle"; readonly error: undefined }
  /** A dial is under way; `attempt` counts from 1 and starts again after health. */
  | { readonly status: "connecting"; readonly attempt: number; readonly error: TidewireError | undefined }
  /** The line is open and history is being replayed (hub topics). */
  | { readonly status: "catching-up"; readonly since: number; readonly error: undefined }
  /** Messages flow. `since` is in milliseconds since 1970. */
  | { readonly status: "open"; readonly since: number; readonly error: undefined }
  /** The line was lost; the next dial is at `retryAt` (milliseconds since 1970). `error` is undefined after a clean end. */
  | {
      readonly status: "waiting";
      readonly attempt: number;
      readonly retryAt: number;
      readonly error: TidewireError | undefined;
    }
  /** No dial makes sense now; it goes on by itself when the reason is gone. */
  | { readonly status: "paused"; readonly why: PauseReason; readonly error: undefined }
  /** Over on purpose: `close()`, HTTP 204, an end marker. */
  | { readonly status: "closed"; readonly error: undefined }
  /** Over for a reason that dialling cannot mend. `reconnect()` tries again. */
  | { readonly status: "failed"; readonly error: TidewireError };

/** Why no dial is made: no network, a page in the back-forward cache, or the user's word. */
export type PauseReason = "offline" | "frozen";

/** The status words. */
export type StatusWord = Status["status"];

/** Nobody reads. One object, so that it compares by identity. */
export const IDLE: Status = { status: "idle", error: undefined };

const ON_LINE: readonly StatusWord[] = ["connecting", "catching-up", "open"];
const UNDER_WAY: readonly StatusWord[] = [...ON_LINE, "waiting", "paused"];

/** The one status table: after which words a word may come. A word that is not here may come at any time. */
const COMES_AFTER: { readonly [word in StatusWord]?: readonly StatusWord[] } = {
  "catching-up": ["connecting"],
  open: ["connecting", "catching-up"],
  waiting: ON_LINE,
  closed: UNDER_WAY,
  failed: UNDER_WAY,
};

/** What a status becomes when another one is told: that one, unless the table knows better. Pure. */
export function transition(before: Status, after: Status): Status {
  return COMES_AFTER[after.status]?.includes(before.status) === false ? before : after;
}

/** True when nothing is going on: nobody reads, or it is over. */
export function isAtRest({ status }: Status): boolean {
  return !UNDER_WAY.includes(status);
}
