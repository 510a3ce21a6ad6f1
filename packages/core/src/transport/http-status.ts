import { DEV, TidewireError } from "@tidewire/wire";
import { bodyOf, tellingHeaders } from "./evidence.ts";
import type { LineEnd } from "./transport.ts";

/** What a response means for the line: undefined when it is a stream of the right kind. Of any other, the body is read. */
export async function endOf(
  response: Response,
  contentTypes: readonly string[],
  asked: string,
): Promise<LineEnd | undefined> {
  const { status, headers } = response;
  if (status === 204) return { isOver: true };
  const url = response.url || asked;
  const contentType = headers.get("content-type") ?? "";
  const [kind] = contentType.toLowerCase().split(/[\s;]/);
  if (status === 200 && contentTypes.includes(kind as string)) return undefined;

  const isRefused = [401, 403].includes(status);
  // The server is busy, restarting, or wants to be asked later.
  const isPassing = status >= 500 || [408, 425, 429].includes(status);
  const afterMs = retryAfterMs(headers.get("retry-after"));
  const code = isRefused ? "unauthenticated" : status === 200 ? "content-type" : "http-status";
  const hint = DEV && status === 200 ? `, not ${contentTypes}: a login page?` : "";
  const error = new TidewireError(code, `${url} answered ${status} ${contentType}${hint}`, {
    isFinal: !isPassing,
    detail: {
      url,
      status,
      contentType,
      retryAfterMs: afterMs,
      headers: tellingHeaders(headers),
      body: await bodyOf(response),
    },
  });
  return { error, afterMs, isAnswer: true };
}

/** `Retry-After` in milliseconds, from seconds or from a date; undefined when it is neither. */
function retryAfterMs(value: string | null): number | undefined {
  if (value === null) return undefined;
  let ms = Number(value) * 1000;
  if (Number.isNaN(ms)) ms = Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
