import { WebSocket } from "ws";
import type { Told } from "./client.ts";

/** The leanest use of `ws`: its emitter, which makes no event objects. */
export function open(url: string, told: Told): void {
  const line = new WebSocket(url);
  line.on("open", () => told.open());
  line.on("message", (data) => told.message(JSON.parse(data.toString())));
}
