import PartyWebSocket from "partysocket/ws";
import type { Socket, Told } from "./client.ts";

export function open(url: string, told: Told, socket: Socket | undefined): void {
  const line = new PartyWebSocket(url, [], { WebSocket: socket ?? globalThis.WebSocket });
  line.onopen = () => told.open();
  line.onmessage = ({ data }) => told.message(JSON.parse(data));
}
