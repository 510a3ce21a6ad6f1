import { type Realtime, realtime, type TidewireError, text } from "@tidewire/core";
import { socketAddress } from "./address.ts";

/** An address that the user opened, or why it could not be. */
export interface OpenedAny {
  readonly stream: Realtime<string, string> | undefined;
  readonly problem: string;
}

export const nothingOpened: OpenedAny = { stream: undefined, problem: "" };

/** Addresses to try: the feed's own. */
export const anyExamples = (): readonly string[] => [
  new URL("/realtime?topic=telemetry", location.href).href,
  socketAddress("/realtime?topic=chat&from=100"),
];

/** Opens any SSE (http, https or a path) or WebSocket (ws, wss) address, and takes its messages as they are. */
export function openAny(address: string): OpenedAny {
  if (address.trim() === "") return { stream: undefined, problem: "Give an address: https://… or wss://…" };
  try {
    return { stream: realtime<string, string>(address.trim(), { codec: text }), problem: "" };
  } catch (error) {
    return { stream: undefined, problem: (error as TidewireError).message };
  }
}
