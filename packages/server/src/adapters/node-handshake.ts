import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Refusal } from "../plain/request.ts";
import { answerUpgrade } from "./node-refusal.ts";

/** What the standard has the server add to the client's key. */
const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const KEY = /^[+/0-9A-Za-z]{22}==$/;
const VERSIONS = "13, 8";
const PROTOCOLS = /^\s*[\w!#$%&'*+.^`|~-]+(?:\s*,\s*[\w!#$%&'*+.^`|~-]+)*\s*$/;

/** What is answered to a client's offers. */
export interface Terms {
  readonly protocol: string | undefined;
  readonly extensions: string | undefined;
}

/** Answers an upgrade to a WebSocket with yes. False: it was answered with no, or nobody is there to hear it. */
export function shakeHands(request: IncomingMessage, socket: Duplex, { protocol, extensions }: Terms): boolean {
  const refusal = refusalOf(request);
  if (refusal) {
    answerUpgrade(socket, refusal, { "Sec-WebSocket-Version": VERSIONS });
    return false;
  }
  if (!socket.readable || !socket.writable) {
    socket.destroy();
    return false;
  }
  const key = `${request.headers["sec-websocket-key"]}${GUID}`;
  socket.write(
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      `Sec-WebSocket-Accept: ${createHash("sha1").update(key).digest("base64")}\r\n` +
      (protocol === undefined ? "" : `Sec-WebSocket-Protocol: ${protocol}\r\n`) +
      (extensions === undefined ? "\r\n" : `Sec-WebSocket-Extensions: ${extensions}\r\n\r\n`),
  );
  return true;
}

/** Why this is no request for a WebSocket. */
function refusalOf({ method, headers }: IncomingMessage): Refusal | undefined {
  if (method !== "GET") return { status: 405, message: "A WebSocket is asked for with GET." };
  if (headers.upgrade?.toLowerCase() !== "websocket") return no("Upgrade");
  if (!KEY.test(headers["sec-websocket-key"] ?? "")) return no("Sec-WebSocket-Key");
  const version = headers["sec-websocket-version"];
  if (version !== "13" && version !== "8") return no("Sec-WebSocket-Version");
  const protocols = headers["sec-websocket-protocol"];
  return protocols === undefined || PROTOCOLS.test(protocols) ? undefined : no("Sec-WebSocket-Protocol");
}

function no(header: string): Refusal {
  return { status: 400, message: `The header ${header} is missing or not right.` };
}
