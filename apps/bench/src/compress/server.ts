// A process of its own with one server, which publishes when it is told and says what that cost.
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { nextMessage, type Size } from "./messages.ts";
import { type Publish, ways } from "./ways.ts";

/** What the process is told. Each order has one answer. */
export type Order =
  | { readonly order: "serve"; readonly way: number }
  | { readonly order: "publish"; readonly size: Size; readonly count: number }
  | { readonly order: "usage"; readonly collect?: boolean };

/** What the process has used so far. */
export interface Usage {
  readonly cpuUs: number;
  readonly rssBytes: number;
  /** To all open connections, heads included. */
  readonly writtenBytes: number;
}

const server = createServer();
const sockets = new Set<Socket>();
server.on("connection", (socket) => {
  sockets.add(socket);
  socket.on("close", () => sockets.delete(socket));
});
let publish: Publish;

async function usage(collect: boolean): Promise<Usage> {
  const { user, system } = process.cpuUsage();
  for (let pass = 0; collect && pass < 4; pass += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const writtenBytes = [...sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, 0);
  return { cpuUs: user + system, rssBytes: process.memoryUsage().rss, writtenBytes };
}

async function obey(order: Order): Promise<object> {
  switch (order.order) {
    case "serve":
      publish = ways[order.way]?.serve(server) as Publish;
      await new Promise<void>((resolve) => server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, resolve));
      return { port: (server.address() as AddressInfo).port };
    case "publish":
      for (let each = 0; each < order.count; each += 1) publish(nextMessage(order.size));
      return {};
    case "usage":
      return usage(order.collect === true);
  }
}

process.on("message", (order: Order) => void obey(order).then((answer) => process.send?.(answer)));
process.on("disconnect", () => process.exit());
