import { once } from "node:events";
import { createServer, get, type IncomingMessage } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { createExchange, type Exchange, type SeenRequest } from "./exchange.ts";

/** What a server does with one request. */
export type Reply = (exchange: Exchange) => unknown;

/** Request by request, or a choice made by looking at the request. */
export type Script = readonly Reply[] | ((request: SeenRequest, index: number) => Reply);

/** A real HTTP and WebSocket server on loopback that does what its script says, and remembers what reached it. */
export interface ScriptedServer extends AsyncDisposable {
  readonly port: number;
  /** `http://127.0.0.1:port`, without a path. */
  readonly http: string;
  /** `ws://127.0.0.1:port`, without a path. */
  readonly ws: string;
  /** Every request so far, upgrades too, in order. */
  readonly requests: readonly SeenRequest[];
  /** Sockets accepted so far. */
  readonly opened: number;
  /** Sockets open now. */
  readonly open: number;
  /** Resolves with the exchange of request `index` (from 0) once it came. */
  exchange(index: number): Promise<Exchange>;
  /** Resolves when no socket is open. */
  idle(): Promise<void>;
  /** A whole exchange with this server that the script does not see: what was on its way before it has arrived after it. */
  roundTrip(): Promise<void>;
}

const ROUND_TRIP = "/scripted-server/round-trip";

/** Beyond its script a server says nothing: a client that goes on dialling is seen in the count of requests. */
const silence: Reply = () => {};

async function bodyOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function roundTrip(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    get({ host: "127.0.0.1", port, path: ROUND_TRIP, agent: false }, (answer) => {
      answer.resume();
      answer.on("close", () => resolve());
    }).on("error", reject);
  });
}

/** Calls back when the condition holds; `changed()` asks it again. */
function watch() {
  const waiting = new Set<() => boolean>();
  return {
    changed(): void {
      for (const done of waiting) if (done()) waiting.delete(done);
    },
    until<T>(read: () => T | undefined): Promise<T> {
      return new Promise((resolve) => {
        const done = (): boolean => {
          const value = read();
          if (value === undefined) return false;
          resolve(value);
          return true;
        };
        if (!done()) waiting.add(done);
      });
    },
  };
}

/** Starts a {@link ScriptedServer} on a free port. */
export async function createScriptedServer(script: Script, listenOn = 0): Promise<ScriptedServer> {
  const sockets = new Set<Socket>();
  const exchanges: Exchange[] = [];
  const seen = watch();
  let opened = 0;
  const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, noDelay: true });

  function play(message: IncomingMessage, socket: Socket, body: string, early: Buffer): void {
    const exchange = createExchange({ message, socket, body, early });
    const index = exchanges.push(exchange) - 1;
    const reply = typeof script === "function" ? script(exchange.request, index) : (script[index] ?? silence);
    void Promise.resolve(reply(exchange)).catch((error: unknown) => server.emit("error", error));
    seen.changed();
  }

  server.on("connection", (socket: Socket) => {
    opened += 1;
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      sockets.delete(socket);
      seen.changed();
    });
  });
  server.on("request", (message: IncomingMessage, response) => {
    if (message.url === ROUND_TRIP) response.writeHead(200, { connection: "close" }).end();
    else void bodyOf(message).then((body) => play(message, message.socket, body, Buffer.alloc(0)));
  });
  server.on("upgrade", (message: IncomingMessage, socket: Duplex, early: Buffer) => {
    socket.once("end", () => socket.end()); // node:http leaves an upgraded socket half open for ever
    play(message, socket as Socket, "", early);
  });
  server.on("clientError", (_error, socket) => socket.destroy());
  server.listen(listenOn, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;

  return {
    port,
    http: `http://127.0.0.1:${port}`,
    ws: `ws://127.0.0.1:${port}`,
    get requests() {
      return exchanges.map((exchange) => exchange.request);
    },
    get opened() {
      return opened;
    },
    get open() {
      return sockets.size;
    },
    exchange: (index) => seen.until(() => exchanges[index]),
    idle: () => seen.until(() => sockets.size === 0 || undefined).then(() => {}),
    roundTrip: () => roundTrip(port),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      if (server.listening) await once(server, "close");
    },
  };
}
