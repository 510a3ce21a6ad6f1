import type { WireName } from "./wires.ts";

/** One row: a server, and how its readers dial it. */
export interface HubContender {
  readonly name: string;
  /** Which rows are compared: those over one transport. */
  readonly over: "WebSocket" | "SSE";
  readonly file: "raw-ws" | "raw-sse" | "better-sse" | "socket-io" | "tidewire";
  readonly wire: WireName;
  /** Hand-written, with nothing else to do. */
  readonly isControl?: true;
  /** It gives returning readers what they missed, also from a cursor alone. */
  readonly replays?: true;
}

export const hubContenders: readonly HubContender[] = [
  { name: "ws.send(Buffer)", over: "WebSocket", file: "raw-ws", wire: "ws", isControl: true, replays: true },
  { name: "tidewire, plain", over: "WebSocket", file: "tidewire", wire: "ws" },
  { name: "tidewire.v1", over: "WebSocket", file: "tidewire", wire: "tidewire-ws", replays: true },
  { name: "socket.io", over: "WebSocket", file: "socket-io", wire: "socket.io" },
  { name: "res.write(Buffer)", over: "SSE", file: "raw-sse", wire: "sse", isControl: true, replays: true },
  { name: "tidewire, plain", over: "SSE", file: "tidewire", wire: "sse", replays: true },
  { name: "tidewire.v1", over: "SSE", file: "tidewire", wire: "tidewire-sse", replays: true },
  { name: "better-sse", over: "SSE", file: "better-sse", wire: "sse", replays: true },
];
