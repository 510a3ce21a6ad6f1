import { optionInvalid } from "@tidewire/wire";
import { type Address, type AtEachDial, absolute, atThisDial, lineName } from "./address.ts";
import { endOfThrown } from "./dial-error.ts";
import { endOf } from "./http-status.ts";
import { putTokenInUrl } from "./token-in-url.ts";
import type { Dial, Line, LineEnd, LineEvents, Transport } from "./transport.ts";

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
  /** For the transport's name and key. */
  readonly kind: string;
  /** What is asked for and accepted; several are separated by ", ". */
  readonly contentTypes: string;
  readonly silenceMs: number | undefined;
  /** `feed` gets text cut anywhere, and MAY throw a TidewireError; `end` gets the clean end. */
  decoder(events: LineEvents, dial: Dial, options: HttpOptions): { feed(text: string): void; end?(): void };
}

/** What all streams over `fetch` have in common. */
export function httpTransport(address: Address, options: HttpOptions, format: HttpFormat): Transport {
  const { method = "GET", body, resume, credentials } = options;
  const isGet = /^(get|head)$/i.test(method);
  if (body !== undefined && options.method && isGet) throw optionInvalid('A GET has no body: use `method: "POST"`.');
  const isPlain = body === undefined && isGet;
  const name = lineName(format.kind, address);
  return {
    name,
    key: isPlain && typeof address !== "function" ? `${name} ${credentials ?? ""}` : undefined,
    settings: options,
    canRedial: isPlain || resume !== undefined,
    silenceMs: format.silenceMs,
    open: (dial, events) => openHttp(name, address, options, format, dial, events),
  };
}

/** Opens one streaming request and reads it to its end. */
function openHttp(
  name: string,
  address: Address,
  options: HttpOptions,
  format: HttpFormat,
  dial: Dial,
  events: LineEvents,
): Line {
  const abort = new AbortController();
  let isOver = false;
  const close = (): void => {
    isOver = true;
    abort.abort(); // gives the socket back at once, whatever the server is still saying
  };
  const finish = (end: LineEnd): void => {
    if (isOver) return;
    close();
    events.closed(end);
  };

  async function run(): Promise<void> {
    const { url, init } = await request(address, options, format, dial);
    if (isOver) return;
    const response = await (options.fetch ?? fetch)(url, { ...init, signal: abort.signal });
    if (isOver) return;
    const end = endOf(response, format.contentTypes, url);
    if (end) return finish(end);
    events.opened();
    await read(response.body as ReadableStream<Uint8Array>);
    finish({ how: "lost", error: undefined });
  }

  async function read(body: ReadableStream<Uint8Array>): Promise<void> {
    const reader = body.getReader();
    // The parser strips the one byte order mark that the standard allows; a second one is data.
    const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
    const decoder = format.decoder({ ...events, message }, dial, options);
    for (;;) {
      const { done, value } = await reader.read();
      if (isOver) return;
      if (done) return decoder.end?.();
      events.alive();
      decoder.feed(utf8.decode(value, { stream: true }));
    }
  }

  /** A chunk holds many messages: the reader of one may hang up, and must not be told the next. */
  function message(payload: string, type: string, id: string): void {
    if (!isOver) events.message(payload, type, id);
  }

  run().catch((cause: unknown) => finish(endOfThrown(cause, name)));
  return { close };
}

async function request(address: Address, options: HttpOptions, format: HttpFormat, dial: Dial) {
  const { method, credentials, tokenParam, lastEventIdParam } = options;
  const { token, lastEventId } = dial;
  const url = absolute((await atThisDial(address)) as string | URL);
  const headers = new Headers(await atThisDial(options.headers));
  const body = await atThisDial(options.body);
  const setDefault = (name: string, value: string): void => {
    if (!headers.has(name)) headers.set(name, value);
  };
  setDefault("accept", format.contentTypes);
  if (token !== undefined) {
    if (tokenParam) putTokenInUrl(url, tokenParam, token);
    else setDefault("authorization", `Bearer ${token}`);
  }
  if (lastEventId !== "") {
    if (lastEventIdParam) url.searchParams.set(lastEventIdParam, lastEventId);
    // Header values are bytes: an id outside of ASCII goes as its UTF-8 bytes, as the standard has it.
    else headers.set("last-event-id", String.fromCharCode(...new TextEncoder().encode(lastEventId)));
  }
  const init = { method: method ?? (options.body === undefined ? "GET" : "POST"), headers, body, credentials };
  return { url: url.href, init: { ...init, cache: "no-store" } as RequestInit };
}
