// A process of its own that serves the pages and streams to one of them at a time, so that what it costs is not theirs.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex, Writable } from "node:stream";
import { createFiles } from "../browser/files.ts";
import { type Pace, pace, type Sent, type Tick } from "../browser/pace.ts";
import { acceptUpgrade } from "../upgrade.ts";

/** What it answers: its port, then to each pace what it sent. */
export interface Answer {
  readonly port?: number;
  readonly sent?: readonly Sent[];
}

const files = createFiles();
const readers = new Map<Writable, (ticks: readonly Tick[]) => Buffer>();

/** One event per message, and one write per tick. */
const events = (ticks: readonly Tick[]): Buffer =>
  Buffer.from(ticks.map((tick) => `data: ${JSON.stringify(tick)}\n\n`).join(""));
/** As events, but each carries all that was due in its tick. */
const batchEvent = (ticks: readonly Tick[]): Buffer => Buffer.from(`data: ${JSON.stringify(ticks)}\n\n`);
/** One frame per message, and one write per tick. */
const frames = (ticks: readonly Tick[]): Buffer => Buffer.concat(ticks.map((tick) => frame(JSON.stringify(tick))));
/** One frame per tick. */
const batchFrame = (ticks: readonly Tick[]): Buffer => frame(JSON.stringify(ticks));

function frame(text: string): Buffer {
  const payload = Buffer.from(text);
  const { length } = payload;
  if (length < 126) return Buffer.concat([Buffer.from([0x81, length]), payload]);
  const head = Buffer.alloc(length < 65_536 ? 4 : 10);
  head[0] = 0x81;
  head[1] = length < 65_536 ? 126 : 127;
  if (length < 65_536) head.writeUInt16BE(length, 2);
  else head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, payload]);
}

function add(reader: Writable, encode: (ticks: readonly Tick[]) => Buffer): void {
  readers.set(reader, encode);
  reader.on("close", () => readers.delete(reader));
  reader.on("error", () => {});
}

const server = createServer((request, response) => {
  if (files(request, response)) return;
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  response.flushHeaders();
  add(response, request.url === "/batches" ? batchEvent : events);
});
server.on("upgrade", (request, socket: Duplex) => {
  acceptUpgrade(request, socket);
  socket.resume();
  add(socket, request.url === "/batches" ? batchFrame : frames);
});

let next = 0;
process.on("message", async (order: Pace) => {
  const sent = await pace(order, next, (ticks) => {
    for (const [reader, encode] of readers) reader.write(encode(ticks));
  });
  next = (sent.at(-1)?.[0] ?? next - 1) + 1;
  process.send?.({ sent } satisfies Answer);
});
process.on("disconnect", () => process.exit());
server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port } satisfies Answer));
