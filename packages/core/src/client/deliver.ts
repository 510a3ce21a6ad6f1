import { CloseCode, decodeDown, TidewireError } from "@tidewire/wire";
import type { CarrierEvents } from "./carrier.ts";

/** Hands a batch on; what is none ends the line, as the two sides no longer understand each other. */
export function deliver(payload: unknown, events: CarrierEvents): void {
  const frames = typeof payload === "string" ? decodeDown(payload) : undefined;
  if (frames) return events.frames(frames);
  const detail = { closeCode: CloseCode.badFrame, sample: String(payload).slice(0, 200) };
  events.closed({ error: new TidewireError("message-invalid", "The hub sent no batch.", { detail }) });
}
