import { setTimeout as pause } from "node:timers/promises";
import type { HubTopic } from "@tidewire/server";
import { TELEMETRY_EVERY_MS, type Telemetry } from "board/telemetry";
import type { Machine } from "./machine.ts";

/** Publishes a reading of the machine every 250 ms until the signal fires; resolves then. A failed reading is said once. */
export async function publishTelemetry(
  machine: Machine,
  topic: HubTopic<Telemetry>,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<void> {
  let dueAt = performance.now();
  let said = "";
  while (!signal.aborted) {
    try {
      await topic.publish(await machine.read());
    } catch (error) {
      const trouble = `The machine could not be read: ${(error as Error).message}`;
      if (trouble !== said) say(trouble);
      said = trouble;
    }
    // By the clock, not by the pause: a slow reading makes the next pause shorter, and a lost second is not made up for.
    const now = performance.now();
    dueAt = Math.max(dueAt + TELEMETRY_EVERY_MS, now);
    await pause(dueAt - now, undefined, { signal }).catch(() => {}); // it rejects when the signal fires
  }
}
