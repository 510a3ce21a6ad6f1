import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { socketTurn } from "../faults/turn.ts";

/** What a server saw of one request. */
export interface SeenRequest {
  readonly method: string;
  /** Path and query, as they came. */
  readonly url: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  /** When its head was complete, in milliseconds of `performance.now()`. */
  readonly at: number;
}

/** One request and the bare socket that it came by, so that an answer may be as wrong as a test wants it. */
export interface Exchange {
  readonly request: SeenRequest;
  /** Resolves when the socket is gone, whoever closed it. */
  readonly gone: Promise<void>;
  /** Writes a status line and headers. `connection: close` unless said otherwise: the body then ends with the socket. */
  head(status: number, headers?: Readonly<Record<string, string>>): Promise<void>;
  /** Writes bytes exactly as they are, and lets the client read them on their own before it resolves. */
  write(piece: string | Uint8Array): Promise<void>;
  /** FIN, after what was written. */
  fin(): void;
  /** RST: what the kernel has not sent is lost. */
  reset(): void;
  /** Stops reading, so that the client's writes pile up; `true` reads on. */
  reading(isOn: boolean): void;
  /** Completes a WebSocket handshake; a protocol that was not offered is the test's business. */
  upgrade(protocol?: string): Promise<WebSocket>;
}

/** The bare parts that an {@link Exchange} is made of. */
export interface Arrival {
  readonly message: IncomingMessage;
  readonly socket: Socket;
  readonly body: string;
  readonly early: Buffer;
}

function headersOf(message: IncomingMessage): Map<string, string> {
  const entries = Object.entries(message.headers);
  return new Map(entries.map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")]));
}

/** Makes the {@link Exchange} of one request. */
export function createExchange({ message, socket, body, early }: Arrival): Exchange {
  const write = async (piece: string | Uint8Array): Promise<void> => {
    if (socket.destroyed || socket.writableEnded) return;
    socket.write(piece);
    await socketTurn();
  };
  return {
    request: {
      method: message.method ?? "",
      url: message.url ?? "",
      headers: headersOf(message),
      body,
      at: performance.now(),
    },
    gone: new Promise((resolve) => (socket.destroyed ? resolve() : socket.once("close", () => resolve()))),
    head(status, headers = {}) {
      socket.resume(); // a refused upgrade: unless somebody reads, nobody learns that the client has gone
      const lines = Object.entries({ connection: "close", ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
      return write(`HTTP/1.1 ${status} Scripted\r\n${lines.join("")}\r\n`);
    },
    write,
    fin: () => void socket.end(),
    reset: () => void socket.resetAndDestroy(),
    reading: (isOn) => void (isOn ? socket.resume() : socket.pause()),
    upgrade(protocol) {
      const answer = new WebSocketServer({ noServer: true, handleProtocols: () => protocol ?? false });
      return new Promise((resolve) =>
        answer.handleUpgrade(message, socket, early, (peer) => {
          peer.on("error", () => {}); // a cut line is what the tests ask for; `close` tells it as well
          resolve(peer);
        }),
      );
    },
  };
}
