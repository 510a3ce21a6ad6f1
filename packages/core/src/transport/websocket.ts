import { DEV, optionInvalid, type Payload, TidewireError } from "@tidewire/wire";
import { type Address, type AtEachDial, absolute, atThisDial, lineName } from "./address.ts";
import { endOfClose } from "./close-code.ts";
import { endOfThrown } from "./dial-error.ts";
import { checkPort, orInvalid } from "./mistake.ts";
import { createSendQueue } from "./send-queue.ts";
import { putTokenInUrl } from "./token-in-url.ts";
import type { Dial, LineEnd, LineEvents, Sendable, Transport, TwoWayLine } from "./transport.ts";

/** As much of a WebSocket as is used: the platform's own, `ws`, or a stand-in. */
export interface WebSocketLike {
  binaryType: string;
  readonly bufferedAmount: number;
  readonly protocol: string;
  onopen: Handler<object> | null;
  onmessage: Handler<{ readonly data: unknown }> | null;
  onerror: Handler<object> | null;
  onclose: Handler<{ readonly code: number; readonly reason: string }> | null;
  send(data: Sendable): void;
  close(code?: number, reason?: string): void;
}

/** A listener in the form of a method, so that one for the platform's own, larger events will do. */
type Handler<Event> = { handle(event: Event): void }["handle"];

/** What makes a {@link WebSocketLike}. */
export type WebSocketConstructor = new (url: string, protocols?: string | string[]) => WebSocketLike;

/** How a WebSocket is opened and judged. */
export interface WebSocketOptions {
  /** Subprotocols to offer; asked at each dial when it is a function. */
  readonly protocols?: AtEachDial<string | readonly string[]> | undefined;
  /** How binary messages come. Default "arraybuffer". */
  readonly binaryType?: "arraybuffer" | "blob" | undefined;
  /**
   * How the token of `auth` goes up, as a browser's WebSocket has no headers: as a further subprotocol, as the first
   * message (a function makes it from the token), or in a query parameter, where it ends up in logs.
   */
  readonly tokenVia?: WebSocketToken | undefined;
  /** Asks why a handshake failed, which a WebSocket is not told: `httpProbe`, or one's own. Default: nobody asks. */
  readonly probe?: Probe | undefined;
  readonly WebSocket?: WebSocketConstructor | undefined;
}

/** Finds out why this ws(s) address did not open; undefined when it cannot tell. MUST NOT reject. */
export type Probe = (url: URL) => Promise<LineEnd | undefined>;

/** The ways up for a token. */
export type WebSocketToken =
  | { readonly protocol: (token: string) => string }
  | { readonly message: (token: string) => string; readonly isAccepted?: ((payload: Payload) => boolean) | undefined }
  | { readonly param: string };

/** Whichever of them was given. */
type TokenWays = Partial<
  Extract<WebSocketToken, { message: unknown }> & { protocol: (token: string) => string; param: string }
>;

/** A WebSocket as it is: each message one message, both ways. */
export function websocket(address: Address, options: WebSocketOptions = {}): Transport<TwoWayLine> {
  const { protocols } = options;
  const name = lineName("websocket", address);
  const isShared = typeof address !== "function" && typeof protocols !== "function";
  return {
    name,
    key: isShared ? `${name} ${protocols ?? ""}` : undefined,
    settings: options,
    canRedial: true,
    silenceMs: undefined,
    open: (dial, events) => openWebSocket(name, address, options, dial, events),
    uplink: createSendQueue,
  };
}

function openWebSocket(
  name: string,
  address: Address,
  options: WebSocketOptions,
  dial: Dial,
  events: LineEvents,
): TwoWayLine {
  let socket: WebSocketLike | undefined;
  let isOver = false;
  const close = (): void => {
    isOver = true;
    if (!socket) return;
    // A dead line may never say `close`: nobody waits for it.
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close(1000);
  };

  async function connect(): Promise<void> {
    const url = wsUrl((await atThisDial(address)) as string | URL);
    const protocols = [(await atThisDial(options.protocols)) ?? []].flat() as string[];
    if (isOver) return;
    const { token } = dial;
    const via: TokenWays = (token !== undefined && options.tokenVia) || {};
    if (via.param) putTokenInUrl(url, via.param, token as string);
    if (via.protocol) protocols.push(via.protocol(token as string));
    const Socket = options.WebSocket ?? (globalThis.WebSocket as WebSocketConstructor | undefined);
    if (!Socket) throw optionInvalid(DEV && "There is no WebSocket here: give one as `WebSocket`.");
    if (!options.WebSocket) checkPort(url);
    socket = orInvalid(
      () => new Socket(url.href, protocols),
      DEV && "No WebSocket can be opened like this (from a page over https the address must be wss:).",
    );
    socket.binaryType = options.binaryType ?? "arraybuffer";
    listen(socket, url, via);
  }

  function listen(opened: WebSocketLike, url: URL, { message, isAccepted }: TokenWays): void {
    let didOpen = false;
    /** While it is there, messages are answers to the token. */
    let accepts = message && isAccepted;
    opened.onopen = () => {
      didOpen = true;
      if (message) opened.send(message(dial.token as string));
      if (!accepts) events.opened();
    };
    opened.onmessage = ({ data }: { data: Payload }) => {
      events.alive();
      if (!accepts) return events.message(data, "message", "");
      if (!accepts(data)) return events.closed(notAccepted(name));
      accepts = undefined;
      events.opened();
    };
    opened.onclose = async ({ code, reason }) => {
      const probed = didOpen ? undefined : await options.probe?.(url);
      events.closed(probed ?? endOfClose(code, reason, url.href));
    };
    // `close` follows, and says more; only `ws` and its kin need a listener so as not to throw.
    opened.onerror = () => {};
  }

  connect().catch((cause: unknown) => events.closed(endOfThrown(cause, name)));
  return {
    get bufferedAmount() {
      return socket?.bufferedAmount ?? 0;
    },
    send: (payload) => socket?.send(payload),
    close,
  };
}

/** http(s) becomes ws(s), so that a path works as an address. */
function wsUrl(address: string | URL): URL {
  const url = absolute(address);
  url.protocol = url.protocol.replace("http", "ws");
  url.hash = "";
  return url;
}

function notAccepted(name: string): LineEnd {
  return { error: new TidewireError("unauthenticated", DEV && `${name} did not accept the token.`, { isFinal: true }) };
}
