import { createSseDecoder } from "@tidewire/wire";
import type { Address } from "./address.ts";
import { type HttpOptions, httpTransport } from "./http.ts";
import type { Transport } from "./transport.ts";

/** How an event stream is asked for. */
export interface SseOptions extends HttpOptions {}

/** Server-sent events over a streaming `fetch`: headers, bodies and statuses are visible, and any HTTP version will do. */
export function sse(address: Address, options: SseOptions = {}): Transport {
  return httpTransport(address, options, {
    kind: "sse",
    contentTypes: ["text/event-stream"],
    // The standard drops an event that the end cut short: there is nothing to do at the end.
    decoder: (events, lastEventId, { maxMessageLength }) =>
      createSseDecoder(
        {
          onEvent: events.message,
          onId: events.resumeAt,
          onRetry: events.retryHint,
          onComment: () => events.alive(true),
          maxBufferSize: maxMessageLength,
        },
        lastEventId,
      ),
  });
}
