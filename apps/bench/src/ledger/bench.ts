import { end, nextMessage, start } from "../process.ts";
import type { LedgerRow } from "./child.ts";
import type { Plan } from "./schedule.ts";

export type { LedgerRow };

export interface LedgerOptions extends Plan {
  readonly only: (name: string) => boolean;
}

const NAMES = [
  "tidewire, WebSocket",
  "tidewire, SSE",
  "socket.io, state recovery",
  "better-sse + eventsource-client",
] as const;

/** All subjects go through the same schedule at the same time, each in a process of its own: what the machine does hits all alike. */
export async function ledger({ only, ...plan }: LedgerOptions): Promise<LedgerRow[]> {
  const longestMs = plan.faults * plan.slotMs * 2 + plan.deadMs + 120_000;
  return Promise.all(
    NAMES.filter(only).map(async (name) => {
      const child = start(new URL("./child.ts", import.meta.url));
      try {
        const row = nextMessage<LedgerRow>(child, longestMs);
        child.send({ name, plan });
        return await row;
      } finally {
        await end(child);
      }
    }),
  );
}
