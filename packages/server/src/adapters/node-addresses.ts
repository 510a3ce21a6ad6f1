import type { EventEmitter } from "node:events";
import type { IncomingMessage } from "node:http";
import type { Refusal } from "../plain/request.ts";
import { addressOf } from "./node-facts.ts";
import { whenOver } from "./node-takeover.ts";

const CROWDED: Refusal = { status: 429, message: "There are too many lines from this address." };

/** How many lines each address holds. */
export interface Addresses {
  /** Counts a line until `carrier` closes, or says why there cannot be one more. */
  enter(request: IncomingMessage, carrier: EventEmitter): Refusal | undefined;
}

/** Makes the count of lines by address. It holds addresses with open lines only. */
export function createAddresses(most: number): Addresses {
  const counts = new Map<string, number>();
  return {
    enter(request, carrier) {
      const address = addressOf(request);
      const count = counts.get(address) ?? 0;
      if (count >= most) return CROWDED;
      counts.set(address, count + 1);
      whenOver(carrier, () => {
        const left = (counts.get(address) ?? 1) - 1;
        if (left > 0) counts.set(address, left);
        else counts.delete(address);
      });
      return undefined;
    },
  };
}
