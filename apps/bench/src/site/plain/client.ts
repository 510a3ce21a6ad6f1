import { createClient, overSse, overWebSocket } from "@tidewire/core";
import type { Tick } from "../../browser/pace.ts";
import type { Feed } from "../feed.ts";
import { showStream } from "./show-stream.ts";

export function mount(target: HTMLElement, { url, transport }: Feed): void {
  const client = createClient({ url, transport: transport === "sse" ? overSse : overWebSocket });
  showStream(target, client.topic<Tick>("ticks"));
}
