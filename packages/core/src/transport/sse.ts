import { createSseDecoder, optionInvalid } from "@tidewire/wire";
import { type Address, absolute } from "./address.ts";
import { type HttpFormat, type HttpOptions, openHttp } from "./http.ts";
import type { Transport } from "./transport.ts";

/** How an event stream is asked for. */
export interface SseOptions extends HttpOptions {}

/** The HTML standard asks servers for a comment every 15 seconds: three missed ones are a dead line. */
const SILENCE_MS = 45_000;

/** Server-sent events over a streaming `fetch`: headers, bodies and statuses are visible, and any HTTP version will do. */
export function sse(address: Address, options: SseOptions = {}): Transport {
  return httpTransport("sse", address, options, {
    contentType: "text/event-stream",
    decoder(events, lastEventId) {
      let told = lastEventId;
      const decoder = createSseDecoder(
        {
          onEvent(data, type, id) {
            told = id;
            events.message(data, type, id);
          },
          onRetry: (ms) => events.retryHint(ms),
          maxBufferSize: options.maxMessageLength,
        },
        lastEventId,
      );
      return {
        feed(text) {
          decoder.feed(text);
          if (decoder.lastEventId === told) return;
          told = decoder.lastEventId;
          events.resumeAt(told);
        },
        end() {}, // the standard drops an event that the end cut short
      };
    },
  });
}

/** What all streams over `fetch` have in common. */
export function httpTransport(kind: string, address: Address, options: HttpOptions, format: HttpFormat): Transport {
  const { method, body, resume, credentials } = options;
  if (body !== undefined && (method === "GET" || method === "HEAD")) {
    throw optionInvalid(`A ${method} has no body: leave \`body\` out, or use \`method: "POST"\`.`);
  }
  const isPlain = body === undefined && (method === undefined || method === "GET");
  const name = `${kind} ${typeof address === "function" ? "(made at each dial)" : address}`;
  return {
    name,
    key: isPlain && typeof address !== "function" ? `${kind} ${credentials ?? ""} ${keyOf(address)}` : undefined,
    settings: options,
    canRedial: isPlain || resume !== undefined,
    silenceMs: SILENCE_MS,
    open: (dial, events) => openHttp(address, options, format, dial, events),
  };
}

/** Two spellings of one address are one address; on a server a path stays a path. */
function keyOf(address: string | URL): string {
  try {
    return absolute(address).href;
  } catch {
    return String(address);
  }
}
