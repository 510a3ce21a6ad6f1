import type { Socket, Told } from "./client.ts";

/** The control for WebSocket: the socket's own events and `JSON.parse`. */
export function open(url: string, told: Told, socket: Socket | undefined): void {
  const line = new (socket as typeof globalThis.WebSocket)(url);
  line.onopen = () => told.open();
  line.onmessage = ({ data }) => told.message(JSON.parse(data));
}
