import { realtime } from "@tidewire/core";
import type { Socket, Told } from "./client.ts";

/** Tidewire with its defaults. */
export function open(url: string, told: Told, socket: Socket | undefined): void {
  const options = socket === undefined ? {} : { WebSocket: socket };
  const stream = realtime(url, options);
  stream.status$.subscribe((status) => {
    if (status.status === "open") told.open();
  });
  stream.subscribe((value) => told.message(value));
}
