// A process of its own that every client can connect to, and that goes down and comes back when it is told.
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { Server } from "socket.io";
import { acceptUpgrade } from "../upgrade.ts";

/** What the server is told. */
export type Order =
  | { readonly down: number }
  | { readonly cut: true }
  | { readonly collect: true }
  | { readonly report: true };

/** What it answers: to `down` when it listens again, to `report` with each accepted connection since the last order. */
export interface Answer {
  readonly port?: number;
  readonly listeningAt?: number;
  readonly accepted?: readonly Accepted[];
}

/** Which client connected, and when. */
export type Accepted = readonly [client: string, at: number];

/** More than all clients at once, so that the queue of the system is not what is measured. */
const BACKLOG = 4096;

const sockets = new Set<Socket>();
let accepted: Accepted[] = [];
const note = (client: unknown): void => void accepted.push([String(client), Date.now()]);
const clientOf = (url = ""): string | null => new URL(url, "http://localhost").searchParams.get("client");

const server = createServer((request, response) => {
  note(clientOf(request.url));
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  response.write(": here\n\n");
});
server.on("upgrade", (request, socket) => {
  if (request.url?.startsWith("/socket.io/")) return;
  note(clientOf(request.url));
  acceptUpgrade(request, socket);
  socket.on("error", () => {});
  socket.resume();
});
server.on("connection", (socket: Socket) => {
  sockets.add(socket);
  socket.on("close", () => sockets.delete(socket));
});
const io = new Server(server, { transports: ["websocket"], destroyUpgrade: false, serveClient: false });
io.on("connection", (socket) => note(socket.handshake.query["client"]));

function cutAll(): void {
  accepted = [];
  for (const socket of sockets) socket.destroy();
}

function answer(message: Answer): void {
  process.send?.(message);
}

process.on("message", (order: Order) => {
  if ("report" in order) return answer({ accepted });
  if ("cut" in order) return cutAll();
  if ("collect" in order) {
    gc?.();
    return answer({});
  }
  const { port } = server.address() as AddressInfo;
  server.close();
  cutAll();
  setTimeout(() => {
    server.listen({ port, host: "127.0.0.1", backlog: BACKLOG }, () => answer({ listeningAt: Date.now() }));
  }, order.down);
});
process.on("disconnect", () => process.exit());
server.listen({ port: 0, host: "127.0.0.1", backlog: BACKLOG }, () => {
  answer({ port: (server.address() as AddressInfo).port });
});
