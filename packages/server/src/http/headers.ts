import { CloseCode } from "@tidewire/wire";

/** What a stream needs to get through proxies at once. */
export const SSE_HEADERS: Readonly<Record<string, string>> = {
  "Content-Type": "text/event-stream",
  "Cache-Control": "no-cache, no-transform",
  "X-Accel-Buffering": "no",
};

const STATUS_OF: ReadonlyMap<number, number> = new Map<number, number>([
  [CloseCode.badFrame, 400],
  [CloseCode.unauthenticated, 401],
  [CloseCode.forbidden, 403],
  [CloseCode.version, 406],
  [CloseCode.superseded, 409],
  [CloseCode.tooLarge, 413],
  [CloseCode.tokenExpired, 401],
  [CloseCode.abusive, 429],
  [CloseCode.rateLimited, 429],
  [CloseCode.internal, 500],
]);

/** The HTTP status that says what a code of the protocol says. */
export function statusOf(code: number): number {
  return STATUS_OF.get(code) ?? 503;
}

/** What a page of another origin needs to read the answer, with credentials. Only for an origin that was allowed. */
export function corsFor(origin: string | undefined): Record<string, string> {
  if (!origin) return {};
  return {
    "Access-Control-Allow-Origin": origin,
    "Access-Control-Allow-Credentials": "true",
    "Access-Control-Expose-Headers": "Retry-After",
    Vary: "Origin",
  };
}

/** What a preflight is answered with, beside {@link corsFor}. `asked` is what the page would like to send. */
export function preflightHeaders(asked: string | undefined): Record<string, string> {
  return {
    "Access-Control-Allow-Methods": "GET, POST",
    ...(asked ? { "Access-Control-Allow-Headers": asked } : {}),
    "Access-Control-Max-Age": "600",
  };
}

/** The headers of a refusal. */
export function refusalHeaders(status: number, afterMs?: number): Record<string, string> {
  return {
    "Content-Type": "text/plain; charset=utf-8",
    "Cache-Control": "no-store",
    ...(status === 405 ? { Allow: "GET, POST" } : {}),
    ...(status === 503 || status === 429 ? { "Retry-After": retryAfter(afterMs) } : {}),
  };
}

/** Seconds. Spread, so that those who were turned away together do not return together. */
function retryAfter(afterMs = 0): string {
  return String(Math.max(1, Math.ceil(afterMs / 1000)) + Math.floor(Math.random() * 5));
}
