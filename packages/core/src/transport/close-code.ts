import { TidewireError } from "@tidewire/wire";
import type { LineEnd } from "./transport.ts";

/** Registered codes that say "do not come back like this" (RFC 6455 section 7.4.1, IANA's registry). */
const FINAL = [1003, 1007, 1008, 1010, 3003];

/** What a close means: by registered meaning, by Tidewire's ranges, and otherwise another dial. */
export function endOfClose(closeCode: number, reason: string, url: string): LineEnd {
  const isUnauthenticated = closeCode === 3000 || closeCode === 4401;
  // 1006 is the browser's word for "no close came": the network, or a handshake that it may not show.
  const code = isUnauthenticated ? "unauthenticated" : closeCode === 1006 ? "network" : "closed-by-server";
  const error = new TidewireError(code, `${url} closed: ${closeCode} ${reason}`, {
    isFinal: isUnauthenticated || FINAL.includes(closeCode) || (closeCode >= 4400 && closeCode < 4500),
    detail: { url, closeCode, reason },
  });
  const [, unit, time] = /\bretry[-_ ]?after[-_ ]?(ms)?\s*[:=]?\s*(\d+)/i.exec(reason) ?? [];
  const isAtOnce = closeCode >= 4600 && closeCode < 4700;
  return { error, afterMs: time ? Number(time) * (unit ? 1 : 1000) : isAtOnce ? 0 : undefined };
}
