import { io } from "socket.io-client";
import type { Told } from "./client.ts";

/** Speaks its own protocol with its own server: a WebSocket from the start, by the `ws` that it brings. */
export function open(url: string, told: Told): void {
  const socket = io(url, { transports: ["websocket"], forceNew: true });
  socket.on("connect", () => told.open());
  socket.on("m", (value: unknown) => told.message(value));
}
