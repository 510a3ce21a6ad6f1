import type { Server } from "node:http";
import type { NodeHandler } from "@tidewire/server/node";

type Listener = (...given: unknown[]) => void;

/** Answers on a server before its application does. Below the framework, no body parser and no prefix of it is in the way. */
export function mount(server: Server, handler: NodeHandler): void {
  const others = server.listeners("request") as Listener[];
  server.removeAllListeners("request");
  server.on("request", (request, response) => {
    if (handler(request, response)) return;
    for (const other of others) other.call(server, request, response);
  });
  server.on("upgrade", (request, socket, head) => {
    // Where nobody else takes upgrades, one that is not the hub's would wait for ever.
    if (!handler.handleUpgrade(request, socket, head) && server.listenerCount("upgrade") === 1) socket.destroy();
  });
}
