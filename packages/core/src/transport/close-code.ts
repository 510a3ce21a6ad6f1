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
const FINAL = new Set([1003, 1007, 1008, 1010, 3003]);
const UNAUTHENTICATED = new Set([3000, 4401]);

/** The default judgement: by registered meaning, by Tidewire's ranges, and otherwise another dial. */
export function verdictOf(code: number, reason: string): CloseVerdict {
  if (UNAUTHENTICATED.has(code)) return "unauthenticated";
  if (FINAL.has(code) || (code >= 4400 && code <= 4499)) return "failed";
  const hint = /\bretry[-_ ]?after[-_ ]?(ms)?\s*[:=]?\s*(\d+)/i.exec(reason);
  if (hint) return { afterMs: Number(hint[2]) * (hint[1] ? 1 : 1000) };
  return code >= 4600 && code <= 4699 ? "retry-now" : "retry";
}

/** Turns a close into the end of the line. */
export function endOfClose(
  code: number,
  reason: string,
  url: string,
  judge?: (code: number, reason: string) => CloseVerdict | undefined,
): LineEnd {
  const verdict = judge?.(code, reason) ?? verdictOf(code, reason);
  if (verdict === "ended") return { how: "ended" };
  const detail = { url, closeCode: code, reason };
  const what = reason === "" ? `${code}` : `${code} "${reason}"`;
  if (verdict === "unauthenticated") {
    const error = new TidewireError("unauthenticated", `${url} closed with ${what}.`, { isFinal: true, detail });
    return { how: "unauthenticated", error };
  }
  const isFinal = verdict === "failed";
  // 1006 is the browser's word for "no close came": the network, or a handshake that it may not show.
  const error =
    code === 1006
      ? new TidewireError("network", `${url} cannot be reached, or the line was cut.`, { isFinal, detail })
      : new TidewireError("closed-by-server", `${url} closed with ${what}.`, { isFinal, detail });
  if (isFinal) return { how: "failed", error };
  if (verdict === "retry-now") return { how: "lost", error, afterMs: 0 };
  return { how: "lost", error, afterMs: typeof verdict === "object" ? verdict.afterMs : undefined };
}
