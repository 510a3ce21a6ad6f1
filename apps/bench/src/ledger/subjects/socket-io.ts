import { Server } from "socket.io";
import { io } from "socket.io-client";
import type { LedgerSubject } from "./subject.ts";

/** socket.io with connection state recovery: a room per topic. */
export function socketIo(): LedgerSubject {
  let server: Server;
  return {
    start(http) {
      server = new Server(http, { transports: ["websocket"], serveClient: false, connectionStateRecovery: {} });
      server.on("connection", (socket) => {
        if (!socket.recovered) void socket.join(String(socket.handshake.query["topics"]).split(","));
      });
    },
    async stop() {
      await server.close();
    },
    publish: (topic, n) => void server.to(topic).emit("m", topic, n),
    open(url, topics, told) {
      const socket = io(url, { transports: ["websocket"], forceNew: true, query: { topics: topics.join(",") } });
      socket.on("connect", () => told.open());
      socket.on("disconnect", () => told.lost());
      socket.on("m", (topic: string, n: number) => told.message(topic, n));
      return () => socket.close();
    },
  };
}
