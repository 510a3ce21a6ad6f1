import reconnecting from "reconnecting-websocket";
import type { Socket, Told } from "./client.ts";

// A CommonJS module whose default export Node wraps once more than its types say.
const ReconnectingWebSocket = ("default" in reconnecting ? reconnecting.default : reconnecting) as new (
  url: string,
  protocols: string[],
  options: { WebSocket: unknown },
) => WebSocket;

export function open(url: string, told: Told, socket: Socket | undefined): void {
  const line = new ReconnectingWebSocket(url, [], { WebSocket: socket ?? globalThis.WebSocket });
  line.onopen = () => told.open();
  line.onmessage = ({ data }) => told.message(JSON.parse(data));
}
