import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { createSseDecoder } from "@tidewire/wire";
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { createHub, type Hub } from "../hub.ts";
import type { HubOptions } from "../options.ts";
import { type NodeHandlerOptions, toNodeHandler } from "./node.ts";

/** One event of a plain stream. */
export interface SeenEvent {
  readonly type: string;
  readonly id: string;
  readonly data: unknown;
}

/** A served hub. */
export interface Served {
  readonly hub: Hub;
  readonly server: http.Server;
  readonly port: number;
  readonly close: () => Promise<void>;
  readonly host: string;
  readonly http: string;
  readonly ws: string;
}

/** An event stream that is being read. */
export interface SseReader {
  readonly response: Response;
  readonly comments: readonly string[];
  readonly retries: readonly number[];
  /** How many chunks the network gave. */
  readonly chunks: number;
  readonly lastEventId: string;
  /** Waits for one chunk; false at the end. */
  read(): Promise<boolean>;
  /** Waits for the next `count` events. */
  take(count: number): Promise<SeenEvent[]>;
  /** Waits for the end, and gives what is left. */
  end(): Promise<SeenEvent[]>;
  abort(): void;
}

/** An open WebSocket. */
export interface WsReader {
  readonly peer: WebSocket;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  send(value: unknown): void;
  /** Waits for the next `count` messages, parsed. */
  take(count: number): Promise<unknown[]>;
}

/** A hub behind a real server on a free port; everything is closed when the test ends. */
export async function serveHub(
  options: HubOptions & NodeHandlerOptions & { hub?: Hub; port?: number } = {},
): Promise<Served> {
  const hub = options.hub ?? createHub(options);
  const handler = toNodeHandler(hub, options);
  const server = http.createServer((request, response) => {
    handler(request, response, () => response.writeHead(404).end("not the hub"));
  });
  server.on("upgrade", (request, socket, head) => {
    if (!handler.handleUpgrade(request, socket, head)) socket.destroy();
  });
  server.listen(options.port ?? 0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    await hub.close();
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  };
  onTestFinished(close);
  return {
    hub,
    server,
    port,
    close,
    host: `127.0.0.1:${port}`,
    http: `http://127.0.0.1:${port}`,
    ws: `ws://127.0.0.1:${port}`,
  };
}

/** Opens an event stream. */
export async function readSse(url: string, headers: Record<string, string> = {}): Promise<SseReader> {
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const response = await fetch(url, { headers, signal: abort.signal });
  const events: SeenEvent[] = [];
  const comments: string[] = [];
  const retries: number[] = [];
  let chunks = 0;
  let lastEventId = "";
  const decoder = createSseDecoder({
    maxBufferSize: 8_388_608,
    onId: (id) => {
      lastEventId = id;
    },
    onEvent: (data, type, id) => events.push({ type, id, data: JSON.parse(data) }),
    onRetry: (ms) => retries.push(ms),
    onComment: (text) => comments.push(text),
  });
  const body = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const read = async () => {
    const { done, value } = (await body?.read()) ?? { done: true, value: undefined };
    if (value !== undefined) {
      chunks += 1;
      decoder.feed(value);
    }
    return !done;
  };
  return {
    response,
    comments,
    retries,
    read,
    get chunks() {
      return chunks;
    },
    get lastEventId() {
      return lastEventId;
    },
    abort: () => abort.abort(),
    async take(count: number): Promise<SeenEvent[]> {
      while (events.length < count)
        if (!(await read())) throw new Error(`the stream ended after ${events.length} events`);
      return events.splice(0, count);
    },
    async end(): Promise<SeenEvent[]> {
      while (await read());
      return events.splice(0);
    },
  };
}

/** A plain WebSocket whose messages can be awaited one after the other. */
export async function dialWs(url: string, headers: Record<string, string> = {}): Promise<WsReader> {
  const peer = new WebSocket(url, { headers, perMessageDeflate: false });
  onTestFinished(() => peer.terminate());
  const messages: string[] = [];
  let wake: () => void = () => {};
  peer.on("message", (data) => {
    messages.push(String(data));
    wake();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    peer.on("close", (code, reason) => {
      resolve({ code, reason: String(reason) });
      wake();
    });
  });
  await once(peer, "open");
  return {
    peer,
    closed,
    send: (value: unknown) => peer.send(typeof value === "string" ? value : JSON.stringify(value)),
    async take(count: number): Promise<unknown[]> {
      while (messages.length < count) {
        if (peer.readyState === peer.CLOSED) throw new Error(`closed after ${messages.length} messages`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return messages.splice(0, count).map((text) => JSON.parse(text));
    },
  };
}

/** What an upgrade that is refused answers. */
export async function refusedUpgrade(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number | undefined; headers: http.IncomingHttpHeaders }> {
  const peer = new WebSocket(url, { headers });
  const [, response] = (await once(peer, "unexpected-response")) as [unknown, http.IncomingMessage];
  response.resume();
  return { status: response.statusCode, headers: response.headers };
}
