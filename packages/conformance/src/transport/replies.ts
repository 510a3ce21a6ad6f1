import type { WebSocket } from "ws";
import type { Exchange } from "./exchange.ts";
import type { Reply } from "./scripted-server.ts";

/** One step of an answer: bytes to write as they are, or something to do or wait for. */
export type Part = string | Uint8Array | ((exchange: Exchange) => unknown);

/** FIN: the answer is over. Without a length or chunks a clean end, inside a chunked body a cut. */
export const fin: Part = (exchange) => exchange.fin();

/** RST in the middle of whatever goes on. */
export const rst: Part = (exchange) => exchange.reset();

const EVENT_STREAM = { "content-type": "text/event-stream", "access-control-allow-origin": "*" };

async function play(exchange: Exchange, parts: readonly Part[], frame = (piece: string | Uint8Array) => [piece]) {
  for (const part of parts) {
    if (typeof part === "function") await part(exchange);
    else for (const piece of frame(part)) await exchange.write(piece);
  }
}

/** A status with a body, and the end. */
export function status(code: number, headers: Readonly<Record<string, string>> = {}, body = ""): Reply {
  return async (exchange) => {
    await exchange.head(code, { "content-type": "text/plain", ...headers });
    await exchange.write(body);
    exchange.fin();
  };
}

/** An event stream whose body is exactly these bytes; it stays open unless a part ends it. */
export function events(...parts: readonly Part[]): Reply {
  return async (exchange) => {
    await exchange.head(200, EVENT_STREAM);
    await play(exchange, parts);
  };
}

/** The same in a chunked body: an end without the last chunk is a cut that the client can tell from a clean end. */
export function chunkedEvents(...parts: readonly Part[]): Reply {
  return async (exchange) => {
    await exchange.head(200, { ...EVENT_STREAM, "transfer-encoding": "chunked" });
    await play(exchange, parts, (piece) => {
      const bytes = Buffer.from(piece as string);
      return [Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")])];
    });
  };
}

/** Bytes that are no HTTP at all. */
export function raw(...parts: readonly Part[]): Reply {
  return (exchange) => play(exchange, parts);
}

/** The request is read, and never answered. */
export const unanswered: Reply = (exchange) => exchange.reading(true);

/** Another address, by status 302. */
export const redirect = (location: string): Reply => status(302, { location });

/** What a captive portal or a login page answers to everything. */
export const htmlPage: Reply = status(200, { "content-type": "text/html; charset=utf-8" }, "<h1>Please log in</h1>");

/** Accepts a WebSocket, and does `act` with it. */
export function webSocket(act: (peer: WebSocket, exchange: Exchange) => unknown = () => {}, protocol?: string): Reply {
  return async (exchange) => act(await exchange.upgrade(protocol), exchange);
}

/** A WebSocket handshake that answers with a subprotocol nobody offered. */
export const webSocketWithAlienProtocol: Reply = (exchange) => exchange.upgrade("alien");
