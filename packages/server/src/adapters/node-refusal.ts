import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { Refused } from "../access.ts";
import { corsFor, refusalHeaders, statusOf } from "../http/headers.ts";
import type { Refusal } from "../plain/request.ts";

/** What a page of another origin needs to read the answer. Only reached when the origin was allowed. */
export function corsHeaders(request: IncomingMessage): Record<string, string> {
  return corsFor(request.headers.origin);
}

/** Answers a request of the protocol with why not: the frame `bye`. */
export function refuseWith(request: IncomingMessage, response: ServerResponse, { code, msg, after }: Refused): void {
  const status = statusOf(code);
  const headers = { ...refusalHeaders(status, after), ...corsHeaders(request), "Content-Type": "application/json" };
  // What is left of the body is not read.
  if (!request.readableEnded) response.shouldKeepAlive = false;
  response.writeHead(status, headers);
  response.end(JSON.stringify({ k: "bye", code, msg, after }));
}

/** Answers a plain request with why not. */
export function writeRefusal(
  response: ServerResponse,
  { status, message }: Refusal,
  cors: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { ...refusalHeaders(status), ...cors });
  response.end(`${message}\n`);
}

/** Answers an upgrade with why not, before any upgrade. */
export function answerUpgrade(
  socket: Duplex,
  { status, message }: Refusal,
  more: Readonly<Record<string, string>> = {},
): void {
  const headers = {
    ...refusalHeaders(status),
    ...more,
    Connection: "close",
    "Content-Length": String(Buffer.byteLength(message)),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.once("finish", socket.destroy); // Nobody waits for the other side to hang up.
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines.join("")}\r\n${message}`);
}
