import { type Client, type ClientOptions, createClientOver } from "./client.ts";
import { overWebSocket } from "./over-websocket.ts";

/** Connects to a Tidewire hub: one line, many topics, nothing lost, repeated or reordered. Dials nothing until a topic is read. */
export function createClient({ transport = overWebSocket, ...options }: ClientOptions): Client {
  return createClientOver(transport, options);
}
