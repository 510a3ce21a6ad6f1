import type { Status, Subscribable } from "@tidewire/core";
import { clockTime } from "./format.ts";

/** What the status word means just now, in a sentence. `now` is in milliseconds since 1970. */
export function statusSentence(status: Status, now: number): string {
  switch (status.status) {
    case "idle":
      return "nobody reads";
    case "connecting":
      return status.attempt > 1 ? `attempt ${status.attempt}` : "dialling";
    case "catching-up":
      return "reading what was missed";
    case "open":
      return `since ${clockTime(status.since)}`;
    case "waiting":
      return `next try ${inSeconds(status.retryAt - now)}, attempt ${status.attempt}`;
    case "paused":
      return status.why === "offline" ? "no network: goes on by itself" : "asleep: goes on by itself";
    case "closed":
      return "it is over";
    case "failed":
      return status.error.message;
  }
}

function inSeconds(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return seconds > 0 ? `in ${seconds} s` : "now";
}

/** The time, four times a second, for a countdown. It ticks only while somebody reads it. */
export const clock: Subscribable<number> = {
  subscribe(observer) {
    const timer = setInterval(() => observer.next(Date.now()), 250);
    return { unsubscribe: () => clearInterval(timer) };
  },
};
