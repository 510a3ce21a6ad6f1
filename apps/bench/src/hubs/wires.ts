import { clientFrame } from "./client-frame.ts";

/** What one reader says, and how it knows that it is being served. */
export interface Wire {
  /** The request. `cursor` is where a returning reader stands. */
  request(cursor: string | undefined): Buffer;
  /** What is said after the head of the answer. */
  readonly afterHead?: (cursor: string | undefined) => Buffer;
  /** Text in the answer after which whatever is published arrives. */
  readonly isReady: string;
}

export type WireName = "ws" | "tidewire-ws" | "socket.io" | "sse" | "tidewire-sse";

const END_OF_HEAD = "\r\n\r\n";
const lines = (...text: readonly string[]): Buffer => Buffer.from(`${text.join("\r\n")}\r\n\r\n`);
const UPGRADE = [
  "Host: localhost",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
] as const;

function hello(cursor: string | undefined): string {
  const [e, o] = cursor?.split(".").map(Number) ?? [];
  return JSON.stringify({ k: "hello", v: 1, gen: 1, subs: [{ t: "t", e, o }] });
}

/** A vector as the id of an event; a number is one of those who know no epochs. */
function lastEventId(cursor: string): string {
  const [e, o] = cursor.split(".").map(Number);
  return o === undefined ? cursor : `t=${e?.toString(36)}.${o.toString(36)}`;
}

export const wires: Readonly<Record<WireName, Wire>> = {
  ws: {
    request: (cursor) => lines(`GET /?topic=t${cursor ? `&cursor=${cursor}` : ""} HTTP/1.1`, ...UPGRADE),
    isReady: END_OF_HEAD,
  },
  "tidewire-ws": {
    request: () => lines("GET / HTTP/1.1", ...UPGRADE, "Sec-WebSocket-Protocol: tidewire.v1"),
    afterHead: (cursor) => clientFrame(0x1, Buffer.from(hello(cursor))),
    isReady: '"k":"sub"',
  },
  "socket.io": {
    request: () => lines("GET /socket.io/?EIO=4&transport=websocket HTTP/1.1", ...UPGRADE),
    afterHead: () => clientFrame(0x1, Buffer.from("40")),
    isReady: '40{"sid"',
  },
  sse: {
    request: (cursor) =>
      lines(
        "GET /?topic=t HTTP/1.1",
        "Host: localhost",
        "Accept: text/event-stream",
        ...(cursor ? [`Last-Event-ID: ${lastEventId(cursor)}`] : []),
      ),
    isReady: END_OF_HEAD,
  },
  "tidewire-sse": {
    request(cursor) {
      const body = hello(cursor);
      const head = ["Host: localhost", "Content-Type: text/plain", `Content-Length: ${Buffer.byteLength(body)}`];
      return Buffer.concat([lines("POST / HTTP/1.1", ...head), Buffer.from(body)]);
    },
    isReady: '"k":"sub"',
  },
};
