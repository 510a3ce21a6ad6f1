import type { Server } from "node:http";
import type { Socket } from "node:net";

/** Sockets that a server's own book no longer has. */
const taken = new WeakMap<object, Set<Socket>>();

/** `closeAllConnections` of the socket's server ends this one too, although Node forgets it. False where that cannot be. */
export function endWithServer(socket: Socket): boolean {
  const { server } = socket as Socket & { readonly server?: Partial<Server> };
  if (typeof server?.closeAllConnections !== "function") return false;
  let sockets = taken.get(server);
  if (!sockets) {
    sockets = new Set();
    taken.set(server, sockets);
    extend(server as Server, sockets);
  }
  const open = sockets.add(socket);
  socket.once("close", () => open.delete(socket));
  return true;
}

function extend(server: Server, sockets: ReadonlySet<Socket>): void {
  const closeAllConnections = server.closeAllConnections.bind(server);
  server.closeAllConnections = () => {
    closeAllConnections();
    for (const socket of sockets) socket.destroy();
  };
}
