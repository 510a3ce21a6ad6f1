import { type Realtime, realtime, text } from "@tidewire/core";
import { socketAddress } from "./address.ts";

/** Addresses to try: the feed's own. */
export const anyExamples = (): readonly string[] => [
  new URL("/realtime?topic=telemetry", location.href).href,
  socketAddress("/realtime?topic=chat&from=100"),
];

/**
 * Opens any SSE (http, https or a path) or WebSocket (ws, wss) address, and takes its messages as they are. An address
 * that leads nowhere is told by the stream's status; a blank one is this server's page, which is told to be no stream.
 */
export function openAny(address: string): Realtime<string, string> {
  return realtime<string, string>(address.trim() || "/", { codec: text });
}
