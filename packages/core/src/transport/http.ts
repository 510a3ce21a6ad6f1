import { TidewireError } from "@tidewire/wire";
import { type Address, type AtEachDial, absolute, atThisDial } from "./address.ts";
import { endOf } from "./http-status.ts";
import type { Dial, Line, LineEnd, LineEvents } from "./transport.ts";

/** As much of `fetch` as is used: the platform's, or any stand-in that streams its body. */
export type FetchLike = (url: string, init: RequestInit) => Promise<Response>;

/** How a streaming request is made. */
export interface HttpOptions {
  /** Default GET, or POST when there is a body. */
  readonly method?: string | undefined;
  /** Asked at each dial when it is a function. */
  readonly headers?: AtEachDial<HeadersInit> | undefined;
  /** Asked at each dial when it is a function. A request with a body is sent once, unless `resume` is given. */
  readonly body?: AtEachDial<BodyInit | null> | undefined;
  readonly credentials?: RequestCredentials | undefined;
  /** How a line that was cut may go on although it is not a plain GET: by sending the same request with the last id. */
  readonly resume?: "last-event-id" | undefined;
  /** Where the last id goes: the standard's header, or a query parameter of this name for servers that read it there. Default: the header. */
  readonly lastEventIdParam?: string | undefined;
  /** The query parameter to put the token of `auth` in. A token in a URL ends up in logs: only for servers that read no header. */
  readonly tokenParam?: string | undefined;
  /** The most characters that one message may hold. Default 1 048 576. */
  readonly maxMessageLength?: number | undefined;
  readonly fetch?: FetchLike | undefined;
}

/** How the bytes of one kind of stream become messages. */
export interface HttpFormat {
  readonly contentType: string;
  /** `feed` gets text cut anywhere, and MAY throw a TidewireError; `end` gets the clean end. */
  decoder(events: LineEvents, lastEventId: string): { feed(text: string): void; end(): void };
}

/** Opens one streaming request and reads it to its end. */
export function openHttp(
  address: Address,
  options: HttpOptions,
  format: HttpFormat,
  dial: Dial,
  events: LineEvents,
): Line {
  const abort = new AbortController();
  let isOver = false;
  const finish = (end: LineEnd): void => {
    if (isOver) return;
    isOver = true;
    abort.abort(); // gives the socket back at once, whatever the server is still saying
    events.closed(end);
  };

  async function run(): Promise<void> {
    const { url, init } = await request(address, options, format, dial);
    if (isOver) return;
    const fetchNow = options.fetch ?? globalThis.fetch;
    const response = await fetchNow(url, { ...init, signal: abort.signal });
    if (isOver) return;
    const end = endOf(response, format.contentType, url);
    if (end !== undefined) return finish(end);
    events.opened();
    await read(response);
    finish({ how: "lost", error: undefined });
  }

  async function read(response: Response): Promise<void> {
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    // The parser strips the one byte order mark that the standard allows; a second one is data.
    const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
    const decoder = format.decoder(
      guarded(events, () => isOver),
      dial.lastEventId,
    );
    for (;;) {
      const { done, value } = await reader.read();
      if (isOver) return;
      if (done) return decoder.end();
      events.alive();
      decoder.feed(utf8.decode(value, { stream: true }));
    }
  }

  run().catch((cause: unknown) => finish(endOfThrown(cause, address)));
  return {
    bufferedAmount: 0,
    send() {
      throw new TidewireError(
        "send-unsupported",
        "An HTTP stream only comes down: send with a WebSocket or a request.",
      );
    },
    close() {
      isOver = true;
      abort.abort();
    },
  };
}

/** A chunk holds many messages: the reader of one may hang up, and must not be told the next. */
function guarded(events: LineEvents, isOver: () => boolean): LineEvents {
  return {
    ...events,
    message: (payload, type, id) => {
      if (!isOver()) events.message(payload, type, id);
    },
  };
}

function endOfThrown(cause: unknown, address: Address): LineEnd {
  if (cause instanceof TidewireError) return { how: cause.isFinal ? "failed" : "lost", error: cause };
  const where = typeof address === "function" ? "the address" : String(address);
  const message = `${where} cannot be reached, or the line was cut: ${cause instanceof Error ? cause.message : cause}`;
  return { how: "lost", error: new TidewireError("network", message, { cause }) };
}

async function request(address: Address, options: HttpOptions, format: HttpFormat, dial: Dial) {
  const url = absolute((await atThisDial(address)) as string | URL);
  const headers = new Headers(await atThisDial(options.headers));
  const body = await atThisDial(options.body);
  if (!headers.has("accept")) headers.set("accept", format.contentType);
  if (dial.token !== undefined) {
    if (options.tokenParam !== undefined) url.searchParams.set(options.tokenParam, dial.token);
    else if (!headers.has("authorization")) headers.set("authorization", `Bearer ${dial.token}`);
  }
  if (dial.lastEventId !== "") {
    if (options.lastEventIdParam !== undefined) url.searchParams.set(options.lastEventIdParam, dial.lastEventId);
    else headers.set("last-event-id", utf8Header(dial.lastEventId));
  }
  const method = options.method ?? (options.body === undefined ? "GET" : "POST");
  const init: RequestInit = { method, headers, cache: "no-store" };
  if (body !== undefined && body !== null) init.body = body;
  if (options.credentials !== undefined) init.credentials = options.credentials;
  return { url: url.href, init };
}

/** Header values are bytes: an id outside of ASCII goes as its UTF-8 bytes, as the standard has it. */
function utf8Header(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII itself
  if (/^[\x00-\x7f]*$/.test(value)) return value;
  return String.fromCharCode(...new TextEncoder().encode(value));
}
