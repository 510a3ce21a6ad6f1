import type { Client, Socket } from "./client.ts";

/** Which server a client speaks to. */
export type Wire = "sse" | "websocket" | "socket.io";

/** One row of a table: a client, and the WebSocket under it. */
export interface Contender {
  readonly name: string;
  readonly file: string;
  readonly wire: Wire;
  readonly socket?: "ws" | "platform";
  /** Native code to compare with, which does nothing else. */
  readonly isControl?: true;
  /** It dials again by itself, or with what its users add. */
  readonly reconnects?: true;
}

const overSse: readonly Contender[] = [
  { name: "native: fetch, splitter, JSON.parse", file: "native-fetch", wire: "sse", isControl: true },
  { name: "tidewire", file: "tidewire", wire: "sse", reconnects: true },
  { name: "eventsource-client", file: "eventsource-client", wire: "sse", reconnects: true },
  { name: "fetch-event-source", file: "fetch-event-source", wire: "sse", reconnects: true },
  { name: "eventsource", file: "eventsource", wire: "sse", reconnects: true },
];

const overWebSocket = (socket: "ws" | "platform"): readonly Contender[] => [
  { name: "native: onmessage, JSON.parse", file: "native-websocket", wire: "websocket", socket, isControl: true },
  { name: "tidewire", file: "tidewire", wire: "websocket", socket, reconnects: true },
  { name: "rxjs webSocket + retry", file: "rxjs", wire: "websocket", socket, reconnects: true },
  { name: "reconnecting-websocket", file: "reconnecting-websocket", wire: "websocket", socket, reconnects: true },
  { name: "partysocket", file: "partysocket", wire: "websocket", socket, reconnects: true },
];

const socketIo: Contender = { name: "socket.io-client", file: "socket-io", wire: "socket.io", reconnects: true };

/** The leanest use of `ws`, beside the control that uses the same events as everybody. */
const emitter: Contender = { name: "native: on('message'), JSON.parse", file: "native-ws", wire: "websocket" };

/** Who is measured together, by what is under them. */
export const contenders = {
  sse: overSse,
  ws: [...overWebSocket("ws"), emitter, socketIo],
  platform: overWebSocket("platform"),
} as const;

/** Those that come back after a cut, each over what it takes without being told. */
export const reconnecting: readonly Contender[] = [...overSse, ...overWebSocket("platform"), socketIo].filter(
  (contender) => contender.reconnects,
);

/** Loads one client and the WebSocket that it is to use. */
export async function load({ file, socket }: Contender): Promise<{ client: Client; socket: Socket | undefined }> {
  const client = (await import(`./${file}.ts`)) as Client;
  if (socket === undefined) return { client, socket: undefined };
  return { client, socket: socket === "platform" ? globalThis.WebSocket : (await import("ws")).WebSocket };
}
