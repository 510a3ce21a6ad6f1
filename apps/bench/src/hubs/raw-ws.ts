import type { Server } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import type { Subject } from "./subject.ts";

const TEXT_126 = [0x81, 126];

/** The control over WebSocket: one `send` of one Buffer per socket. Those who return get one joined write of ready frames. */
export function serve(server: Server): Subject {
  const wss = new WebSocketServer({ server, clientTracking: false, perMessageDeflate: false });
  const sockets = new Set<WebSocket>();
  const history: Buffer[] = [];
  let joined: Buffer | undefined;
  let isRetaining = false;

  wss.on("connection", (socket, request) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    if (!request.url?.includes("cursor=")) return;
    joined ??= Buffer.concat(history);
    request.socket.write(joined);
  });
  return {
    publish(message) {
      const payload = Buffer.from(JSON.stringify(message));
      if (isRetaining) history.push(frame(payload));
      for (const socket of sockets) socket.send(payload, { binary: false });
    },
    async retain() {
      isRetaining = true;
      return "start";
    },
  };
}

function frame(payload: Buffer): Buffer {
  const { length } = payload;
  return Buffer.concat([
    Buffer.from(length < 126 ? [0x81, length] : [...TEXT_126, length >> 8, length & 255]),
    payload,
  ]);
}
