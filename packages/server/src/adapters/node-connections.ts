import type { Server } from "node:http";
import type { Socket } from "node:net";

/** Sockets that a server's own book no longer has. */
const taken = new WeakMap<object, Set<Socket>>();

/** `closeAllConnections` of the socket's server ends this one too, although Node forgets it. False where that cannot be. */
export function endWithServer(socket: Socket): boolean {
  const server = serverOf(socket);
  if (typeof server?.closeAllConnections !== "function") return false;
  let sockets = taken.get(server);
  if (!sockets) {
    sockets = new Set();
    taken.set(server, sockets);
    extend(server as Server, sockets);
  }
  sockets.add(socket);
  socket.on("close", forget);
  return true;
}

function forget(this: Socket): void {
  taken.get(serverOf(this) ?? this)?.delete(this);
}

function serverOf(socket: Socket): Partial<Server> | undefined {
  return (socket as Socket & { readonly server?: Partial<Server> }).server;
}

function extend(server: Server, sockets: ReadonlySet<Socket>): void {
  const closeAllConnections = server.closeAllConnections.bind(server);
  server.closeAllConnections = () => {
    closeAllConnections();
    for (const socket of sockets) socket.destroy();
  };
}
