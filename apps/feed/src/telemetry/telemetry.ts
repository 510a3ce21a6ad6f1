import type { HubTopic } from "@tidewire/server";
import { TELEMETRY_EVERY_MS, type Telemetry } from "board/telemetry";
import { every } from "./every.ts";
import type { Machine } from "./machine.ts";

/** Publishes a reading of the machine every 250 ms until the signal fires; resolves then. */
export function publishTelemetry(
  machine: Pick<Machine, "read">,
  topic: HubTopic<Telemetry>,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<void> {
  const read = async (): Promise<void> => void (await topic.publish(await machine.read()));
  return every(TELEMETRY_EVERY_MS, read, signal, say);
}
