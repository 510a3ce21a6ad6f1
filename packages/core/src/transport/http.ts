import { DEV, optionInvalid } from "@tidewire/wire";
import { type Address, type AtEachDial, absolute, atThisDial, lineName } from "./address.ts";
import { endOfThrown } from "./dial-error.ts";
import { endOf } from "./http-status.ts";
import { checkPort, orInvalid } from "./mistake.ts";
import { askWithPlace } from "./place.ts";
import { countStream } from "./six-connections.ts";
import { putTokenInUrl } from "./token-in-url.ts";
import type { Dial, LineEnd, LineEvents, Transport } from "./transport.ts";

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
  /** What is asked for and accepted. */
  readonly contentTypes: readonly string[];
  /** `feed` gets text cut anywhere, and MAY throw a TidewireError; `end` gets the clean end. */
  decoder(events: LineEvents, lastEventId: string, options: HttpOptions): { feed(text: string): void; end?(): void };
}

/** What all streams over `fetch` have in common. */
export function httpTransport(address: Address, options: HttpOptions, format: HttpFormat): Transport {
  const {
    body,
    method = body === undefined ? "GET" : "POST",
    resume,
    credentials,
    tokenParam,
    lastEventIdParam,
  } = options;
  const isPlain = /^(get|head)$/i.test(method);
  if (isPlain && body !== undefined) throw optionInvalid(DEV && 'A GET has no body: use `method: "POST"`.');
  const name = lineName(format.kind, address);
  const withPlace = askWithPlace();

  /** One request, read to its end. */
  async function read({ token, lastEventId }: Dial, events: LineEvents, signal: AbortSignal): Promise<LineEnd> {
    const url = absolute((await atThisDial(address)) as string | URL);
    if (url.username || url.password)
      throw optionInvalid(DEV && "An address has no room for credentials: use `auth` or `headers`.");
    if (!options.fetch) checkPort(url);
    const given = await atThisDial(options.headers);
    const headers = new Headers({ accept: format.contentTypes.join() });
    orInvalid(() => {
      if (token && !tokenParam) headers.set("authorization", `Bearer ${token}`);
      new Headers(given).forEach((value, header) => {
        headers.set(header, value);
      });
      new Request(url, { method, credentials } as RequestInit);
    }, DEV && "No request can have this `method`, `headers` or `credentials`.");
    if (token && tokenParam) putTokenInUrl(url, tokenParam, token);
    if (lastEventId) {
      if (lastEventIdParam) url.searchParams.set(lastEventIdParam, lastEventId);
      // Header values are bytes: an id outside of ASCII goes as its UTF-8 bytes, as the standard has it.
      else headers.set("last-event-id", String.fromCharCode(...new TextEncoder().encode(lastEventId)));
    }
    const init = { method, headers, body: await atThisDial(body), credentials, cache: "no-store", signal };
    countStream(url, signal);
    const ask = (): Promise<Response> => (options.fetch ?? fetch)(url.href, init as RequestInit);
    // Without its place a request with a body would be sent anew, which is never done unasked.
    const response = await (isPlain ? withPlace(url, headers, signal, ask) : ask());
    const end = await endOf(response, format.contentTypes, url.href);
    if (end) return end;
    if (!response.body) throw optionInvalid(DEV && "This `fetch` does not stream: give one that does.");
    events.opened();
    const reader = response.body.getReader();
    // The parser strips the one byte order mark that the standard allows; a second one is data.
    const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
    const decoder = format.decoder(events, lastEventId, options);
    while (!signal.aborted) {
      const { done, value } = await reader.read();
      if (done) break;
      events.alive();
      // What ends in ASCII ends with a whole character, and is decoded faster as a whole.
      decoder.feed(utf8.decode(value, { stream: !((value[value.length - 1] as number) < 0x80) }));
    }
    decoder.end?.();
    return {};
  }

  return {
    name,
    key: isPlain && typeof address !== "function" ? `${name} ${credentials ?? ""}` : undefined,
    settings: options,
    canRedial: isPlain || !!resume,
    silenceMs: undefined,
    open(dial, events) {
      const abort = new AbortController();
      read(dial, events, abort.signal).then(events.closed, (cause) => events.closed(endOfThrown(cause, name)));
      return {
        /** Gives the socket back at once, whatever the server is still saying. */
        close: () => abort.abort(),
      };
    },
  };
}
