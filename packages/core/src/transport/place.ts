import { DEV } from "@tidewire/wire";

const PLACE = "last-event-id";

/**
 * Makes the requests of one stream. A page's request to another origin with `Last-Event-ID` is asked for by a preflight
 * first, and a server that does not allow the header would never be reached again: after that was seen it goes without.
 */
export function askWithPlace(): (
  url: URL,
  headers: Headers,
  signal: AbortSignal,
  ask: () => Promise<Response>,
) => Promise<Response> {
  let isRefused = false;
  return async (url, headers, signal, ask) => {
    const place = headers.get(PLACE);
    const page = globalThis.location?.origin;
    if (isRefused) headers.delete(PLACE);
    try {
      return await ask();
    } catch (cause) {
      if (isRefused || !place || !page || page === url.origin || signal.aborted) throw cause;
    }
    // Was it the header, or the network? Where the same request without it is answered, it is tried once more with it.
    headers.delete(PLACE);
    const without = await ask();
    headers.set(PLACE, place);
    try {
      const response = await ask();
      without.body?.cancel().catch(() => {});
      return response;
    } catch {
      isRefused = true;
      if (DEV)
        console.warn(
          `[tidewire] ${url.origin} refuses our place. Allow it: Access-Control-Allow-Headers: Last-Event-ID (or set \`lastEventIdParam\`).`,
        );
      return without;
    }
  };
}
