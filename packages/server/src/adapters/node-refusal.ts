import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { CloseCode } from "@tidewire/wire";
import type { Refused } from "../access.ts";
import type { Refusal } from "../plain/request.ts";

const STATUS_OF: ReadonlyMap<number, number> = new Map<number, number>([
  [CloseCode.badFrame, 400],
  [CloseCode.unauthenticated, 401],
  [CloseCode.forbidden, 403],
  [CloseCode.version, 406],
  [CloseCode.superseded, 409],
  [CloseCode.tooLarge, 413],
  [CloseCode.abusive, 429],
  [CloseCode.internal, 500],
]);

/** The HTTP status that says what a code of the protocol says. */
export function statusOf(code: number): number {
  return STATUS_OF.get(code) ?? 503;
}

/** What a page of another origin needs to read the answer. Only reached when the origin was allowed. */
export function corsHeaders(request: IncomingMessage): Record<string, string> {
  const { origin } = request.headers;
  if (!origin) return {};
  return { "Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true", Vary: "Origin" };
}

/** Answers a request of the protocol with why not: the frame `bye`. */
export function refuseWith(request: IncomingMessage, response: ServerResponse, { code, msg }: Refused): void {
  const status = statusOf(code);
  const headers = { ...headersOf(status), ...corsHeaders(request), "Content-Type": "application/json" };
  // What is left of the body is not read.
  if (!request.readableEnded) response.shouldKeepAlive = false;
  response.writeHead(status, headers);
  response.end(JSON.stringify({ k: "bye", code, msg }));
}

/** Answers a plain request with why not. */
export function writeRefusal(response: ServerResponse, { status, message }: Refusal): void {
  response.writeHead(status, headersOf(status));
  response.end(`${message}\n`);
}

/** Answers an upgrade with why not, before any upgrade. */
export function answerUpgrade(socket: Duplex, { status, message }: Refusal): void {
  const headers = { ...headersOf(status), Connection: "close", "Content-Length": String(Buffer.byteLength(message)) };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines.join("")}\r\n${message}`);
}

function headersOf(status: number): Record<string, string> {
  return {
    "Content-Type": "text/plain; charset=utf-8",
    "Cache-Control": "no-store",
    ...(status === 405 ? { Allow: "GET, POST" } : {}),
    // Spread, so that those who were turned away together do not return together.
    ...(status === 503 ? { "Retry-After": String(1 + Math.floor(Math.random() * 5)) } : {}),
  };
}
