import { overSse, overWebSocket } from "@tidewire/core";

/** A transport that the boards can use for their one line to the hub. */
export interface Over {
  readonly name: "sse" | "websocket";
  readonly title: string;
  readonly transport: typeof overSse | typeof overWebSocket;
}

/** All of them, the usual one first. */
export const overs: readonly Over[] = [
  { name: "sse", title: "SSE", transport: overSse },
  { name: "websocket", title: "WebSocket", transport: overWebSocket },
];

/** The transport that a page's `?over=` asks for. */
export function chosenOver(search: string): Over {
  const name = new URLSearchParams(search).get("over");
  return overs.find((over) => over.name === name) ?? overs[0]!;
}
