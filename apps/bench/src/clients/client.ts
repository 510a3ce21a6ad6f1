import type { WebSocket as WsWebSocket } from "ws";

/** What a client under test tells: that a line is open (again), and each message, parsed. */
export interface Told {
  open(): void;
  message(value: unknown): void;
}

/** The WebSocket under a client: the platform's or that of `ws`, the same one for all that are compared. */
export type Socket = typeof globalThis.WebSocket | typeof WsWebSocket;

/** One client under test, with its own defaults. `socket` is undefined where the client brings its own way. */
export interface Client {
  open(url: string, told: Told, socket: Socket | undefined): void;
}
