import { afterClose, TidewireError } from "@tidewire/wire";
import type { LineEnd } from "../transport/transport.ts";

/** What the hub would not do. */
export function refused(code: number, message: string): TidewireError {
  const isFinal = afterClose(code) === "final";
  return new TidewireError(code === 4401 ? "unauthenticated" : "refused", `The hub: ${message} (${code}).`, {
    isFinal,
    detail: { closeCode: code },
  });
}

/** The end that a number of the protocol means. */
export function endOfCode(code: number, msg: string, after: number | undefined): LineEnd {
  const error = refused(code, msg);
  return { error, afterMs: after ?? (afterClose(code) === "at-once" ? 0 : undefined) };
}
