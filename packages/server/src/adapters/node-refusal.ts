import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { Refusal } from "../plain/request.ts";

/** Answers a request with why not. */
export function writeRefusal(response: ServerResponse, refusal: Refusal): void {
  response.writeHead(refusal.status, headersOf(refusal));
  response.end(`${refusal.message}\n`);
}

/** Answers an upgrade with why not, before any upgrade. */
export function answerUpgrade(socket: Duplex, refusal: Refusal): void {
  const { status, message } = refusal;
  const headers = { ...headersOf(refusal), Connection: "close", "Content-Length": String(Buffer.byteLength(message)) };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.on("error", () => socket.destroy()); // The other side may be gone already: nothing to tell anybody.
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines.join("")}\r\n${message}`);
}

function headersOf({ status }: Refusal): Record<string, string> {
  return {
    "Content-Type": "text/plain; charset=utf-8",
    "Cache-Control": "no-store",
    ...(status === 405 ? { Allow: "GET" } : {}),
    // Spread, so that those who were turned away together do not return together.
    ...(status === 503 ? { "Retry-After": String(1 + Math.floor(Math.random() * 5)) } : {}),
  };
}
