import { once } from "node:events";
import type http from "node:http";
import http2 from "node:http2";
import type https from "node:https";
import type { AddressInfo, Server } from "node:net";
import { askHttp1, askHttp2 } from "./ask.ts";
import type { Serving } from "./driver.ts";

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** A server of HTTP/1.1 that is asked by it. */
export async function serveHttp1(server: http.Server): Promise<Serving> {
  return serving(server, `http://127.0.0.1:${await listen(server)}`);
}

/** A server of HTTP/1.1 over TLS that is asked by it. */
export async function serveHttps(server: https.Server, ca: string): Promise<Serving> {
  return serving(server, `https://localhost:${await listen(server)}`, ca);
}

function serving(server: http.Server | https.Server, origin: string, ca?: string): Serving {
  return {
    origin,
    ask: (path, ask = {}) => askHttp1(new URL(path, origin), ask, ca),
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

/** A server of HTTP/2 over TLS that is asked by it, or by HTTP/1.1. */
export async function serveTls(server: http2.Http2SecureServer, version: 1 | 2, ca: string): Promise<Serving> {
  const sockets = new Set<{ destroy(): void }>();
  server.on("secureConnection", (socket) => sockets.add(socket));
  const origin = `https://localhost:${await listen(server)}`;
  const session = version === 2 ? http2.connect(origin, { ca }) : undefined;
  session?.on("error", () => {});
  return {
    origin,
    ask: (path, ask = {}) => (session ? askHttp2(session, path, ask) : askHttp1(new URL(path, origin), ask, ca)),
    async stop() {
      session?.destroy();
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}
