// A process of its own that sends prepared messages as fast as they are taken, so that its CPU is not the client's.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { Server } from "socket.io";
import { acceptUpgrade } from "../upgrade.ts";
import { sseBlocks, webSocketBlocks } from "./blocks.ts";
import { messages, VARIETY } from "./messages.ts";

const server = createServer((request, response) => {
  const { size, rounds, perChunk } = asked(request.url);
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  response.flushHeaders();
  // The chunks are framed already: they go past the response, to its socket.
  if (response.socket) void send(response.socket, sseBlocks(size, perChunk), rounds);
});

server.on("upgrade", (request, socket) => {
  if (request.url?.startsWith("/socket.io/")) return;
  acceptUpgrade(request, socket);
  const { size, rounds } = asked(request.url);
  void send(socket, webSocketBlocks(size), rounds);
});

function asked(url = "") {
  const query = new URL(url, "http://localhost").searchParams;
  const number = (name: string): number => Number(query.get(name) ?? 1);
  return { size: number("size"), rounds: number("rounds"), perChunk: number("perChunk") };
}

async function send(socket: Duplex, blocks: readonly Buffer[], rounds: number): Promise<void> {
  socket.on("error", () => {}); // the client leaves when it has enough
  const left = once(socket, "close");
  for (let round = 0; round < rounds && !socket.destroyed; round++) {
    for (const block of blocks) {
      if (!socket.write(block)) await Promise.race([once(socket, "drain"), left]).catch(() => {});
    }
  }
}

const io = new Server(server, { transports: ["websocket"], destroyUpgrade: false, serveClient: false });
io.on("connection", async (socket) => {
  const { size, rounds } = asked(`/?${new URLSearchParams(socket.handshake.query as Record<string, string>)}`);
  const values = messages(size).map((message) => JSON.parse(message) as unknown);
  const left = new Promise((resolve) => socket.once("disconnect", resolve));
  for (let round = 0; round < rounds && socket.connected; round++) {
    for (let at = 0; at < VARIETY; at += 128) {
      for (const value of values.slice(at, at + 128)) socket.emit("m", value);
      await Promise.race([once(socket.conn, "drain"), left]); // a batch waits for the one before it
    }
  }
});

server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on("disconnect", () => process.exit());
