import { CloseCode } from "@tidewire/wire";
import type { Principal } from "./principal.ts";

/** Whose credentials end. */
export interface Expiring {
  readonly principal: Principal | undefined;
  close(code: number, reason: string): void;
}

/** Ends lines with the credentials that they were opened with. Lines whose credentials have no end cost nothing. */
export interface Expiry {
  /** The line was opened, or has other credentials now. */
  watch(line: Expiring): void;
  forget(line: Expiring): void;
}

/** Many lines may end within a moment, each at a time of its own: one look at all of them serves so many milliseconds. */
const LOOK_MS = 50;
/** The longest that a timer can wait. */
const LONGEST_MS = 2_147_483_647;

/** True from the moment on at which the credentials end. */
export function hasExpired(principal: Principal | undefined, now: () => number): boolean {
  const expiresAt = principal?.expiresAt;
  return expiresAt !== undefined && !(expiresAt > now());
}

/** Makes the clock of a hub's credentials. It runs only while some have an end. */
export function createExpiry(now: () => number): Expiry {
  const lines = new Set<Expiring>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let dueAt = Infinity;

  const wait = (until: number) => {
    if (until >= dueAt) return;
    clearTimeout(timer);
    dueAt = until;
    timer = setTimeout(look, Math.min(Math.max(0, until - now()), LONGEST_MS));
  };
  const look = () => {
    dueAt = Infinity;
    let next = Infinity;
    for (const line of [...lines]) {
      if (hasExpired(line.principal, now)) {
        lines.delete(line);
        line.close(CloseCode.tokenExpired, "the credentials have ended");
      } else next = Math.min(next, line.principal?.expiresAt ?? Infinity);
    }
    if (next < Infinity) wait(Math.max(next, now() + LOOK_MS));
  };

  return {
    watch(line) {
      const expiresAt = line.principal?.expiresAt;
      if (expiresAt === undefined) return this.forget(line);
      lines.add(line);
      wait(expiresAt);
    },
    forget(line) {
      if (!lines.delete(line) || lines.size > 0) return;
      clearTimeout(timer);
      dueAt = Infinity;
    },
  };
}
