import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { SUBPROTOCOL } from "@tidewire/wire";
import { WebSocket, WebSocketServer } from "ws";

/** How often the gateway pings its clients, in milliseconds. */
const PING_MS = 20;

/** A gateway that ends WebSockets on both sides and answers their pings itself, as many load balancers do. */
export interface WebSocketGateway extends Disposable {
  readonly url: string;
  /** From now on messages go nowhere, on all connections that are open, while pings are answered and sent as before. */
  goDeaf(): void;
}

function join(client: WebSocket, hub: WebSocket, deaf: WeakSet<WebSocket>): void {
  const pairs = [
    [client, hub],
    [hub, client],
  ] as const;
  for (const [from, to] of pairs) {
    from.on("message", (data) => {
      if (!deaf.has(client)) to.send(String(data));
    });
    from.on("error", () => {});
    from.on("close", () => to.terminate());
  }
  const timer = setInterval(() => client.ping(), PING_MS);
  client.on("close", () => clearInterval(timer));
}

/** Starts a gateway before the hub at `hubUrl`. */
export async function createWebSocketGateway(hubUrl: string): Promise<WebSocketGateway> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const gateway = new WebSocketServer({ server });
  const deaf = new WeakSet<WebSocket>();
  gateway.on("connection", (client) => {
    client.pause(); // what comes before the hub is there waits
    const hub = new WebSocket(hubUrl, SUBPROTOCOL);
    join(client, hub, deaf);
    hub.on("open", () => client.resume());
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    goDeaf() {
      for (const client of gateway.clients) deaf.add(client);
    },
    [Symbol.dispose]() {
      for (const client of gateway.clients) client.terminate();
      gateway.close();
      server.close();
    },
  };
}
