import { EventSource } from "eventsource";
import type { Told } from "./client.ts";

export function open(url: string, told: Told): void {
  const source = new EventSource(url);
  source.onopen = () => told.open();
  source.onmessage = ({ data }) => told.message(JSON.parse(data));
}
