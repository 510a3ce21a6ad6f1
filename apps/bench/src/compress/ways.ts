import type { Server, ServerResponse } from "node:http";
import { constants, createGzip, type Gzip } from "node:zlib";
import { createHub } from "@tidewire/server";
import { toNodeHandler } from "@tidewire/server/node";
import { type WebSocket, WebSocketServer } from "ws";
import { NO_HEARTBEAT_MS } from "../hubs/subject.ts";

/** Publishes to all readers. Several calls in one turn are one burst. */
export type Publish = (message: object) => void;

/** One row: a server, and whether and how it compresses. */
export interface Way {
  readonly name: string;
  readonly over: "SSE" | "WebSocket";
  serve(server: Server): Publish;
}

function tidewire(compress: boolean): (server: Server) => Publish {
  return (server) => {
    const hub = createHub({ heartbeatMs: NO_HEARTBEAT_MS });
    const handler = toNodeHandler(hub, { compress });
    server.on("request", handler).on("upgrade", handler.handleUpgrade);
    return (message) => void hub.publish("t", message);
  };
}

/** As a middleware does it: a stream of zlib in front of each response, flushed after each message. */
function responses(isGzip: boolean): (server: Server) => Publish {
  return (server) => {
    const open = new Set<ServerResponse | Gzip>();
    server.on("request", (_request, response) => {
      const gzip = isGzip ? createGzip() : undefined;
      response.writeHead(200, {
        "Content-Type": "text/event-stream",
        ...(gzip ? { "Content-Encoding": "gzip" } : {}),
      });
      response.flushHeaders();
      gzip?.pipe(response);
      open.add(gzip ?? response);
      response.on("close", () => open.delete(gzip ?? response)).on("error", () => {});
    });
    return (message) => {
      const event = Buffer.from(`event: t\ndata: ${JSON.stringify(message)}\n\n`);
      for (const each of open) {
        each.write(event);
        if ("flush" in each) each.flush(constants.Z_SYNC_FLUSH);
      }
    };
  };
}

function sockets(perMessageDeflate: object | false): (server: Server) => Publish {
  return (server) => {
    const open = new Set<WebSocket>();
    new WebSocketServer({ server, clientTracking: false, perMessageDeflate }).on("connection", (socket) => {
      open.add(socket);
      socket.on("close", () => open.delete(socket)).on("error", () => {});
    });
    return (message) => {
      const payload = Buffer.from(JSON.stringify(message));
      for (const socket of open) socket.send(payload, { binary: false });
    };
  };
}

export const ways: readonly Way[] = [
  { name: "res.write(Buffer)", over: "SSE", serve: responses(false) },
  { name: "tidewire", over: "SSE", serve: tidewire(false) },
  { name: "tidewire, compress", over: "SSE", serve: tidewire(true) },
  { name: "zlib per response", over: "SSE", serve: responses(true) },
  { name: "ws.send(Buffer)", over: "WebSocket", serve: sockets(false) },
  { name: "tidewire", over: "WebSocket", serve: tidewire(false) },
  { name: "tidewire, compress", over: "WebSocket", serve: tidewire(true) },
  { name: "ws, perMessageDeflate", over: "WebSocket", serve: sockets({ threshold: 0 }) },
];
