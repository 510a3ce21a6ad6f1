import { TidewireError } from "@tidewire/wire";
import type { LineEnd } from "./transport.ts";

/**
 * What follows the end of a line: nothing, because it is over ("over") or no dial can mend it ("final"); a fresh token,
 * once ("unauthenticated"); or another dial, after the usual wait ("back-off") or without one ("at-once").
 */
export type Verdict = "over" | "final" | "unauthenticated" | "back-off" | "at-once";

/** A judgement of one's own: of an answer or a close, by its `error` and `detail`. Undefined leaves it to the default. */
export type Judge = (end: LineEnd) => Verdict | undefined;

/** What a transport itself made of the end. */
export function verdictOf({ isOver, error }: LineEnd): Verdict {
  if (isOver) return "over";
  if (error?.code === "unauthenticated") return error.code;
  return error?.isFinal ? "final" : "back-off";
}

/** The error as the verdict has it. */
export function judged(error: TidewireError, isFinal: boolean): TidewireError {
  const { code, message, detail, cause } = error;
  return error.isFinal === isFinal ? error : new TidewireError(code, message, { isFinal, detail, cause });
}
