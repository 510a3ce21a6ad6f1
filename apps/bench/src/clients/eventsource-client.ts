import { createEventSource } from "eventsource-client";
import type { Told } from "./client.ts";

export function open(url: string, told: Told): void {
  createEventSource({
    url,
    onConnect: () => told.open(),
    onMessage: ({ data }) => told.message(JSON.parse(data)),
  });
}
