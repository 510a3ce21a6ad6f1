import { type Realtime, realtime, sse, text, websocket } from "@tidewire/core";
import { socketAddress } from "./address.ts";

/** Addresses to try: the feed's own. */
export const anyExamples = (): readonly string[] => [
  new URL("/realtime?topic=telemetry", location.href).href,
  socketAddress("/realtime?topic=chat&from=100"),
];

/**
 * Opens any SSE (http, https or a path) or WebSocket (ws, wss) address, and takes its messages as they are. The address is
 * asked at the dial, so that one that leads nowhere is told by the stream's status, not thrown; a blank one is this
 * server's page, which is told to be no stream.
 */
export function openAny(address: string): Realtime<string, string> {
  const asked = (): string => address.trim() || "/";
  const isWebSocket = /^wss?:/i.test(asked());
  return realtime<string, string>(isWebSocket ? websocket(asked) : sse(asked), { codec: text });
}
