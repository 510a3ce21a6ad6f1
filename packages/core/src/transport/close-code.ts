import { TidewireError } from "@tidewire/wire";
import type { LineEnd } from "./transport.ts";

/** What a close means: over, refused, credentials wanted, or another dial (by back-off, at once, or after so many milliseconds). */
export type CloseVerdict =
  | "ended"
  | "failed"
  | "unauthenticated"
  | "retry"
  | "retry-now"
  | { readonly afterMs: number };

/** Registered codes that say "do not come back like this" (RFC 6455 section 7.4.1, IANA's registry). */
const FINAL = [1003, 1007, 1008, 1010, 3003];

/** The default judgement: by registered meaning, by Tidewire's ranges, and otherwise another dial. */
export function verdictOf(code: number, reason: string): CloseVerdict {
  if (code === 3000 || code === 4401) return "unauthenticated";
  if (FINAL.includes(code) || (code >= 4400 && code < 4500)) return "failed";
  const [, unit, time] = /\bretry[-_ ]?after[-_ ]?(ms)?\s*[:=]?\s*(\d+)/i.exec(reason) ?? [];
  if (time) return { afterMs: Number(time) * (unit ? 1 : 1000) };
  return code >= 4600 && code < 4700 ? "retry-now" : "retry";
}

/** Turns a close into the end of the line. */
export function endOfClose(
  closeCode: number,
  reason: string,
  url: string,
  judge?: (code: number, reason: string) => CloseVerdict | undefined,
): LineEnd {
  const verdict = judge?.(closeCode, reason) ?? verdictOf(closeCode, reason);
  if (verdict === "ended") return { isOver: true };
  const isUnauthenticated = verdict === "unauthenticated";
  const isFinal = isUnauthenticated || verdict === "failed";
  // 1006 is the browser's word for "no close came": the network, or a handshake that it may not show.
  const code = isUnauthenticated ? verdict : closeCode === 1006 ? "network" : "closed-by-server";
  const error = new TidewireError(code, `${url} closed: ${closeCode} ${reason}`, {
    isFinal,
    detail: { url, closeCode, reason },
  });
  const afterMs = verdict === "retry-now" ? 0 : (verdict as { afterMs?: number }).afterMs;
  return { error, afterMs };
}
