import { TidewireError, type TidewireErrorDetail } from "@tidewire/wire";
import type { LineEnd } from "./transport.ts";

/** Statuses that pass: the server is busy, restarting, or wants to be asked later. */
const PASSING = new Set([408, 425, 429]);

/** What a response means for the line: undefined when it is a stream of the right kind. */
export function endOf(response: Response, contentType: string, asked: string): LineEnd | undefined {
  const { status } = response;
  const url = response.url || asked;
  const got = response.headers.get("content-type") ?? "";
  const detail: TidewireErrorDetail = { url, status, contentType: got };
  if (status === 204) return { how: "ended" };
  if (status === 200) {
    const kind = got.split(";")[0]?.trim().toLowerCase();
    if (kind !== contentType) return { how: "failed", error: wrongType(contentType, got, detail) };
    if (response.body) return undefined;
    const message = "This fetch does not stream its body: give a `fetch` that does.";
    return { how: "failed", error: new TidewireError("option-invalid", message, { isFinal: true, detail }) };
  }
  if (status === 401 || status === 403) {
    const message = `${url} answered ${status}: it does not accept these credentials.`;
    const error = new TidewireError("unauthenticated", message, { isFinal: true, detail });
    return { how: "unauthenticated", error };
  }
  const isPassing = PASSING.has(status) || status >= 500;
  const afterMs = isPassing ? retryAfterMs(response.headers.get("retry-after")) : undefined;
  const error = new TidewireError("http-status", `${url} answered ${status}, not a stream.`, {
    isFinal: !isPassing,
    detail: { ...detail, retryAfterMs: afterMs },
  });
  return isPassing ? { how: "lost", error, afterMs } : { how: "failed", error };
}

function wrongType(wanted: string, got: string, detail: TidewireErrorDetail): TidewireError {
  const what = got === "" ? "no content type" : `"${got}"`;
  const message = `${detail.url} answered 200 with ${what}, not "${wanted}": a login page or a captive portal, perhaps.`;
  return new TidewireError("content-type", message, { isFinal: true, detail });
}

/** `Retry-After` in milliseconds, from seconds or from a date; undefined when it is neither. */
export function retryAfterMs(value: string | null, now: number = Date.now()): number | undefined {
  if (value === null) return undefined;
  if (/^\s*\d+\s*$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
