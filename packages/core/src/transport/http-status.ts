import { TidewireError, type TidewireErrorCode } from "@tidewire/wire";
import type { LineEnd } from "./transport.ts";

/** Statuses that pass, beside 5xx: the server is busy, restarting, or wants to be asked later. */
const PASSING = [408, 425, 429];

/** What a response means for the line: undefined when it is a stream of the right kind. */
export function endOf(response: Response, contentTypes: string, asked: string): LineEnd | undefined {
  const { status, headers } = response;
  if (status === 204) return { how: "ended" };
  const url = response.url || asked;
  const contentType = headers.get("content-type") ?? "";
  const kind = contentType.toLowerCase().split(";")[0]?.trim();
  const isRightKind = contentTypes.split(", ").includes(kind as string);
  if (status === 200 && isRightKind && response.body) return undefined;

  const isRefused = status === 401 || status === 403;
  const isPassing = status >= 500 || PASSING.includes(status);
  const afterMs = isPassing ? retryAfterMs(headers.get("retry-after")) : undefined;
  let code: TidewireErrorCode = isRefused ? "unauthenticated" : "http-status";
  let hint = "";
  if (status === 200) {
    code = isRightKind ? "option-invalid" : "content-type";
    hint = isRightKind ? ", but this `fetch` does not stream" : `, not ${contentTypes}: a login page?`;
  }
  const error = new TidewireError(code, `${url} answered ${status} ${contentType}${hint}`, {
    isFinal: !isPassing,
    detail: { url, status, contentType, retryAfterMs: afterMs },
  });
  return { how: isRefused ? "unauthenticated" : isPassing ? "lost" : "failed", error, afterMs };
}

/** `Retry-After` in milliseconds, from seconds or from a date; undefined when it is neither. */
export function retryAfterMs(value: string | null, now: number = Date.now()): number | undefined {
  if (value === null) return undefined;
  const seconds = Number(value);
  const ms = Number.isNaN(seconds) ? Date.parse(value) - now : seconds * 1000;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
