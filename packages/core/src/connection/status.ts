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

/** Nothing is going on. One object, so that it compares by identity. */
export const IDLE: Status = Object.freeze({ status: "idle", error: undefined });

/** What can happen to a connection, as the status table sees it. */
export type Signal =
  | { readonly type: "dial"; readonly attempt: number }
  | { readonly type: "opened"; readonly at: number; readonly isReplaying?: boolean }
  | { readonly type: "caught-up"; readonly at: number }
  | {
      readonly type: "lost";
      readonly attempt: number;
      readonly retryAt: number;
      readonly error: TidewireError | undefined;
    }
  | { readonly type: "pause"; readonly why: PauseReason }
  | { readonly type: "end" }
  | { readonly type: "fail"; readonly error: TidewireError }
  | { readonly type: "release" };

const has = (...words: StatusWord[]): ReadonlySet<StatusWord> => new Set(words);

/** From which statuses a signal counts; from any other it changes nothing. */
const COUNTS_FROM: { readonly [type in Signal["type"]]: ReadonlySet<StatusWord> } = {
  dial: has("idle", "connecting", "catching-up", "open", "waiting", "paused", "closed", "failed"),
  opened: has("connecting"),
  "caught-up": has("catching-up"),
  lost: has("connecting", "catching-up", "open"),
  // Also from rest: a first reader may come while there is no network.
  pause: has("idle", "connecting", "catching-up", "open", "waiting", "paused", "closed", "failed"),
  end: has("connecting", "catching-up", "open", "waiting", "paused"),
  fail: has("connecting", "catching-up", "open", "waiting", "paused"),
  release: has("connecting", "catching-up", "open", "waiting", "paused", "closed", "failed"),
};

/** The one status table: what a status becomes when something happens. Pure. */
export function transition(before: Status, signal: Signal): Status {
  if (!COUNTS_FROM[signal.type].has(before.status)) return before;
  switch (signal.type) {
    case "dial":
      return { status: "connecting", attempt: signal.attempt, error: before.error };
    case "opened":
      return { status: signal.isReplaying ? "catching-up" : "open", since: signal.at, error: undefined };
    case "caught-up":
      return { status: "open", since: signal.at, error: undefined };
    case "lost":
      return { status: "waiting", attempt: signal.attempt, retryAt: signal.retryAt, error: signal.error };
    case "pause":
      return { status: "paused", why: signal.why, error: undefined };
    case "end":
      return { status: "closed", error: undefined };
    case "fail":
      return { status: "failed", error: signal.error };
    case "release":
      return IDLE;
  }
}
