import type { Server as HttpServer } from "node:http";
import { Server } from "socket.io";
import type { Subject } from "./subject.ts";

/** socket.io over WebSocket from the start. */
export function serve(server: HttpServer, heartbeatMs: number): Subject {
  const io = new Server(server, { transports: ["websocket"], serveClient: false, pingInterval: heartbeatMs });
  return {
    publish: (message) => void io.emit("m", message),
    retain: () => Promise.reject(new Error("socket.io brings nobody back who was not here before")),
  };
}
