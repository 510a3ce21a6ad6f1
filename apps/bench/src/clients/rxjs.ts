import { repeat, retry } from "rxjs";
import { type WebSocketSubjectConfig, webSocket } from "rxjs/webSocket";
import type { Socket, Told } from "./client.ts";

/** `webSocket` does not reconnect by itself: these are the two operators that its users add. */
export function open(url: string, told: Told, socket: Socket | undefined): void {
  const config: WebSocketSubjectConfig<unknown> = { url, openObserver: { next: () => told.open() } };
  if (socket !== undefined) config.WebSocketCtor = socket as typeof globalThis.WebSocket;
  webSocket(config)
    .pipe(retry({ delay: 1000 }), repeat({ delay: 1000 }))
    .subscribe((value) => told.message(value));
}
