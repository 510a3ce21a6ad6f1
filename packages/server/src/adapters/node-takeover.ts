import { channel } from "node:diagnostics_channel";
import type { EventEmitter } from "node:events";
import type { ServerResponse } from "node:http";
import { Socket } from "node:net";
import { endWithServer } from "./node-connections.ts";

/** So much may come up behind the request of an endless answer; then the line is cut. */
const MOST_IGNORED_BYTES = 65_536;
/** Emitted on a response whose socket is the line's alone from now on. */
const TAKEN = Symbol("taken");
/** Whoever watches this wants to be told at the end of the line, by Node. */
const FINISHES = channel("http.server.response.finish");

/** What Node keeps on the socket of a request. */
type HttpSocket = Socket & {
  readonly parser?: { readonly incoming?: unknown } | null;
  readonly _bytesDispatched?: number;
};

/** What `node:http` does with what comes up a socket. */
interface HttpListeners {
  readonly data: () => void;
  readonly end: () => void;
  readonly drain: () => void;
  readonly close: () => void;
}

/** False once Node wrote the end of a body that was not to end. */
let isPossible = true;

/** Calls `listener` when this answer is over, whoever has its socket then. */
export function whenOver(carrier: EventEmitter, listener: () => void): void {
  carrier.on("close", listener);
  carrier.on(TAKEN, (socket: Socket) => {
    carrier.removeListener("close", listener);
    socket.on("close", listener);
  });
}

/**
 * Takes the socket of an answer that never ends out of the hands of `node:http`: Node is told that the body is complete, and
 * lets go of request, response and parser, three quarters of what an idle stream costs. From then on the socket is the line's
 * alone: it writes chunks, ends the body and hangs up. Gives undefined, having touched nothing, where anything but this
 * library looks at the request or the answer, where there is more on the connection than this request, and where this Node
 * is not as it is known to be.
 */
export function takeSocket(response: ServerResponse): Socket | undefined {
  const socket: HttpSocket | null = response.socket;
  if (!isPossible || !(socket instanceof Socket) || !isAlone(response, socket)) return undefined;
  const http = httpListeners(socket);
  if (!http || !endWithServer(socket)) return undefined;

  // The parser reads no further.
  socket.on("data", ignore).removeListener("data", http.data);
  socket.resume();
  const { timeout = 0 } = socket;
  const before = bytesOf(socket);
  response.once("finish", () => {
    socket.setTimeout(timeout);
    if (socket.destroyed) return;
    socket.removeListener("drain", http.drain);
    socket.removeListener("end", http.end);
    socket.removeListener("close", http.close);
    http.close(); // As far as Node's parser is concerned, the socket is gone.
    socket.on("end", socket.destroySoon);
  });
  response.emit(TAKEN, socket);
  response.chunkedEncoding = false; // Nothing is written for the end: the body goes on.
  response.end();
  if (bytesOf(socket) !== before) {
    isPossible = false;
    socket.destroySoon();
  }
  return socket;
}

/** Changes with every write. `bytesWritten` would walk through all that waits, for each of thousands that return at once. */
function bytesOf(socket: HttpSocket): number {
  const { _bytesDispatched: dispatched, writableLength } = socket;
  return dispatched === undefined ? socket.bytesWritten : dispatched + writableLength;
}

/** True when the connection has this request only, read to its end, and nobody else waits for anything on it. */
function isAlone(response: ServerResponse, socket: HttpSocket): boolean {
  const { req: request } = response;
  return (
    socket.writable &&
    !socket.isPaused() &&
    response.shouldKeepAlive && // Node would hang up at the end of the body.
    !response.writableEnded &&
    request.complete &&
    socket.parser?.incoming === request &&
    !FINISHES.hasSubscribers &&
    request.eventNames().length === 0 &&
    response.eventNames().every((name) => response.listenerCount(name) <= ownListeners(response, name))
  );
}

/** How many listeners for `name` are Node's and ours. */
function ownListeners(response: ServerResponse, name: string | symbol): number {
  if (name === "close") return response.listenerCount(TAKEN);
  return name === "finish" || name === "error" ? 1 : name === TAKEN ? Infinity : 0;
}

/** Node's own listeners, where they are all there. */
function httpListeners(socket: Socket): HttpListeners | undefined {
  const named = (event: string, name: string) =>
    socket.listeners(event).find((listener) => listener.name === `bound ${name}`) as (() => void) | undefined;
  const data = named("data", "socketOnData");
  const end = named("end", "socketOnEnd");
  const drain = named("drain", "socketOnDrain");
  const close = named("close", "socketOnClose");
  return data && end && drain && close ? { data, end, drain, close } : undefined;
}

/** What comes up behind the request is for nobody: it is read, so that the other side's end is seen. */
function ignore(this: Socket, first: Buffer): void {
  let ignored = 0;
  const count = (bytes: Buffer) => {
    ignored += bytes.length;
    if (ignored > MOST_IGNORED_BYTES) this.destroy();
  };
  this.on("data", count).removeListener("data", ignore);
  count(first);
}
