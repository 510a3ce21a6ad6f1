import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { carry, type Spoil } from "./direction.ts";
import { createGate } from "./gate.ts";

/** A TCP proxy on loopback whose faults are switched while it runs. It knows nothing of HTTP. */
export interface FaultProxy extends AsyncDisposable {
  /** The port that clients dial; the same for the proxy's whole life. */
  readonly port: number;
  /** What happens to bytes on their way to the client. */
  readonly down: Spoil;
  /** What happens to bytes on their way to the server. */
  readonly up: Spoil;
  /** Connections that are open now. */
  readonly connections: number;
  /** Connections that were accepted so far. */
  readonly accepted: number;
  /** A black hole: from now on nothing passes in either way, and nothing is closed. */
  stall(): void;
  /** Ends the black hole; what was held back goes on. */
  flow(): void;
  /** Closes the listening socket: the system refuses each new connection. Open connections go on. */
  refuse(): Promise<void>;
  /** Accepts again, on the same port. */
  accept(): Promise<void>;
  /** From now on new connections are accepted and reset at once; `false` ends it. */
  resetNew(isOn: boolean): void;
  /** RST on every open connection, both ends. Says how many. */
  reset(): number;
  /** FIN on every open connection, both ends, after what was already written. Says how many. */
  end(): number;
  /** FIN to the clients only: they see the end of the answer, their own way up stays open. Says how many. */
  halfClose(): number;
}

interface Pair {
  readonly client: Socket;
  readonly upstream: Socket;
}

const spotless = (): Spoil => ({ latencyMs: 0, bytesPerSecond: 0, sliceBytes: 0, holdBytes: 0 });

/** When one end is gone, the other has nobody to talk to: unless a black hole must hide that. */
function bind(pair: Pair, open: Set<Pair>): void {
  const { client, upstream } = pair;
  for (const [socket, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      open.delete(pair);
      other.destroy();
    });
  }
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** Starts a {@link FaultProxy} before 127.0.0.1:`targetPort`. */
export async function createFaultProxy(targetPort: number): Promise<FaultProxy> {
  const open = new Set<Pair>();
  const gate = createGate();
  const down = spotless();
  const up = spotless();
  let accepted = 0;
  let resetsNew = false;
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    accepted += 1;
    if (resetsNew) {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect({ host: "127.0.0.1", port: targetPort, allowHalfOpen: true, noDelay: true });
    const pair = { client, upstream };
    open.add(pair);
    bind(pair, open);
    void carry(client, upstream, up, gate);
    void carry(upstream, client, down, gate);
  });
  const port = await listen(server, 0);
  const onEach = (act: (pair: Pair) => void): number => {
    const pairs = [...open];
    for (const pair of pairs) act(pair);
    return pairs.length;
  };
  const stopListening = (): void => {
    if (server.listening) server.close();
  };

  return {
    port,
    down,
    up,
    get connections() {
      return open.size;
    },
    get accepted() {
      return accepted;
    },
    stall: () => gate.shut(),
    flow: () => gate.open(),
    async refuse() {
      stopListening(); // its callback would wait for the open connections too; the listening socket itself closes at once
    },
    async accept() {
      if (!server.listening) await listen(server, port);
    },
    resetNew(isOn) {
      resetsNew = isOn;
    },
    reset: () =>
      onEach(({ client, upstream }) => {
        client.resetAndDestroy();
        upstream.resetAndDestroy();
      }),
    end: () =>
      onEach(({ client, upstream }) => {
        client.end();
        upstream.end();
      }),
    halfClose: () => onEach(({ client }) => client.end()),
    async [Symbol.asyncDispose]() {
      gate.open();
      onEach(({ client, upstream }) => {
        client.destroy();
        upstream.destroy();
      });
      stopListening();
    },
  };
}
