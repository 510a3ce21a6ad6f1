import type { IncomingMessage } from "node:http";
import { type PerMessageDeflateOptions, type Server, type ServerOptions, type WebSocket, WebSocketServer } from "ws";
import { type Offer, offerOf } from "./node-permessage-deflate.ts";

/** Which server of `ws` shakes hands, and whether messages to this client are compressed then. */
export interface Handshake<Peer extends typeof WebSocket> {
  readonly server: Server<Peer>;
  readonly offer: Offer;
}

/** Makes what chooses a handshake. `ws` has one answer per server to what a client offers, so there is a server for each. */
export function createHandshakes<Peer extends typeof WebSocket>(
  options: ServerOptions<Peer>,
  compress: boolean,
): (request: IncomingMessage) => Handshake<Peer> {
  const serverOf = (perMessageDeflate: PerMessageDeflateOptions | false) =>
    new WebSocketServer<Peer>({ ...options, perMessageDeflate });
  const plain: Handshake<Peer> = { server: serverOf(false), offer: "none" };
  if (!compress) return () => plain;
  const usual = serverOf(inflating());
  const small = serverOf({ ...inflating(), clientMaxWindowBits: 10 });
  return (request) => {
    const offer = offerOf(request);
    return offer === "none" ? plain : { server: takesWindow(request) ? small : usual, offer };
  };
}

/** True when the client lets us choose the window for what it sends: the usual one is 32 KiB. */
function takesWindow(request: IncomingMessage): boolean {
  return /;\s*client_max_window_bits\s*(?:[;,]|$)/.test(request.headers["sec-websocket-extensions"] ?? "");
}

/** `ws` inflates what comes up, at most `maxPayload` bytes of a message. It never deflates: lines write ready-made frames. */
function inflating(): PerMessageDeflateOptions {
  return { clientNoContextTakeover: true, zlibInflateOptions: { chunkSize: 1024 } };
}
