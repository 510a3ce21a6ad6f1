import { optionInvalid, type Payload, TidewireError } from "@tidewire/wire";
import { type Address, type AtEachDial, absolute, atThisDial } from "./address.ts";
import { type CloseVerdict, endOfClose } from "./close-code.ts";
import type { Dial, Line, LineEnd, LineEvents, Transport } from "./transport.ts";

/** As much of a WebSocket as is used: the platform's own, `ws`, or a stand-in. */
export interface WebSocketLike {
  binaryType: string;
  readonly bufferedAmount: number;
  readonly protocol: string;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { data: never }) => void) | null;
  onerror: ((event: never) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  send(data: string | ArrayBuffer | Blob | ArrayBufferView<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
}

/** What makes a {@link WebSocketLike}. */
export type WebSocketConstructor = new (url: string, protocols?: string | string[]) => WebSocketLike;

/** How a WebSocket is opened and judged. */
export interface WebSocketOptions {
  /** Subprotocols to offer; asked at each dial when it is a function. */
  readonly protocols?: AtEachDial<string | readonly string[]> | undefined;
  /** How binary messages come. Default "arraybuffer". */
  readonly binaryType?: "arraybuffer" | "blob" | undefined;
  /** What a close code means; undefined leaves it to the default (DESIGN: 44xx final, 45xx back off, 46xx at once). */
  readonly closeCodes?: ((code: number, reason: string) => CloseVerdict | undefined) | undefined;
  /**
   * How the token of `auth` goes up, as a browser's WebSocket has no headers: as a further subprotocol, as the first
   * message (a function makes it from the token), or in a query parameter, where it ends up in logs.
   */
  readonly tokenVia?: WebSocketToken | undefined;
  readonly WebSocket?: WebSocketConstructor | undefined;
}

/** The ways up for a token. */
export type WebSocketToken =
  | { readonly protocol: (token: string) => string }
  | { readonly message: (token: string) => string; readonly isAccepted?: ((payload: Payload) => boolean) | undefined }
  | { readonly param: string };

/** A WebSocket as it is: each message one message, both ways. */
export function websocket(address: Address, options: WebSocketOptions = {}): Transport {
  const isShared = typeof address !== "function" && typeof options.protocols !== "function";
  return {
    name: `websocket ${typeof address === "function" ? "(made at each dial)" : address}`,
    key: isShared ? `websocket ${options.protocols ?? ""} ${address}` : undefined,
    settings: options,
    canRedial: true,
    silenceMs: undefined,
    open: (dial, events) => openWebSocket(address, options, dial, events),
  };
}

function openWebSocket(address: Address, options: WebSocketOptions, dial: Dial, events: LineEvents): Line {
  let socket: WebSocketLike | undefined;
  let isOver = false;
  const finish = (end: LineEnd): void => {
    if (isOver) return;
    close();
    events.closed(end);
  };
  const close = (): void => {
    isOver = true;
    if (!socket) return;
    // A dead line may never say `close`: nobody waits for it.
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.onerror = () => {};
    socket.close(1000);
  };

  async function connect(): Promise<void> {
    const url = wsUrl((await atThisDial(address)) as string | URL);
    const protocols = [(await atThisDial(options.protocols)) ?? []].flat() as string[];
    if (isOver) return;
    const { token } = dial;
    const via = options.tokenVia;
    if (token !== undefined && via && "param" in via) url.searchParams.set(via.param, token);
    if (token !== undefined && via && "protocol" in via) protocols.push(via.protocol(token));
    const Socket = options.WebSocket ?? (globalThis.WebSocket as unknown as WebSocketConstructor | undefined);
    if (Socket === undefined) throw noWebSocket();
    socket = protocols.length > 0 ? new Socket(url.href, protocols) : new Socket(url.href);
    socket.binaryType = options.binaryType ?? "arraybuffer";
    listen(socket, url.href);
  }

  function listen(opened: WebSocketLike, url: string): void {
    const via = options.tokenVia;
    const greeting = dial.token !== undefined && via && "message" in via ? via.message(dial.token) : undefined;
    let isAccepted = greeting === undefined || !(via && "isAccepted" in via && via.isAccepted);
    opened.onopen = () => {
      if (greeting !== undefined) opened.send(greeting);
      if (isAccepted) events.opened();
    };
    opened.onmessage = ({ data }: { data: Payload }) => {
      if (isAccepted) return events.message(data, "message", "");
      isAccepted = (via as { isAccepted(payload: Payload): boolean }).isAccepted(data);
      if (isAccepted) return events.opened();
      const message = `${url} did not accept the token.`;
      finish({ how: "unauthenticated", error: new TidewireError("unauthenticated", message, { isFinal: true }) });
    };
    opened.onclose = ({ code, reason }) => finish(endOfClose(code, reason, url, options.closeCodes));
    // `close` follows, and says more; only `ws` and its kin need a listener so as not to throw.
    opened.onerror = () => {};
  }

  connect().catch((cause: unknown) => finish(endOfThrown(cause)));
  return {
    get bufferedAmount() {
      return socket?.bufferedAmount ?? 0;
    },
    send: (payload) => socket?.send(payload),
    close,
  };
}

function endOfThrown(cause: unknown): LineEnd {
  if (cause instanceof TidewireError) return { how: cause.isFinal ? "failed" : "lost", error: cause };
  const message = cause instanceof Error ? cause.message : String(cause);
  // The constructor's own word for an address or a subprotocol that cannot be one: no dial will mend it.
  if (cause instanceof Error && cause.name === "SyntaxError") return { how: "failed", error: optionInvalid(message) };
  return { how: "lost", error: new TidewireError("network", `The WebSocket could not be made: ${message}`, { cause }) };
}

/** http(s) becomes ws(s), so that a path works as an address. */
function wsUrl(address: string | URL): URL {
  const url = absolute(address);
  if (url.protocol === "http:") url.protocol = "ws:";
  if (url.protocol === "https:") url.protocol = "wss:";
  url.hash = "";
  return url;
}

function noWebSocket(): TidewireError {
  const message = "There is no WebSocket here: give one as `WebSocket` (in older Node, from the `ws` package).";
  return new TidewireError("option-invalid", message, { isFinal: true });
}
