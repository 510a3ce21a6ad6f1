import type { EventEmitter } from "node:events";
import type { IncomingMessage } from "node:http";
import { isIPv6 } from "node:net";
import type { Refusal } from "../plain/request.ts";
import { whenOver } from "./node-takeover.ts";

const CROWDED: Refusal = { status: 429, message: "There are too many lines from this address." };

/** How many lines each address holds. */
export interface Addresses {
  /** Counts a line until `carrier` closes, or says why there cannot be one more. */
  enter(request: IncomingMessage, carrier: EventEmitter): Refusal | undefined;
}

/** Makes the count of lines by address. It holds addresses with open lines only. */
export function createAddresses(
  most: number,
  addressOf: (request: IncomingMessage) => string | undefined = ({ socket }) => socket.remoteAddress,
): Addresses {
  const counts = new Map<string, number>();
  return {
    enter(request, carrier) {
      const address = networkOf(addressOf(request) ?? "");
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

/** One customer has a whole /64 of IPv6 addresses. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith("::ffff:")) return address.replace("::ffff:", "");
  const [head = "", tail] = address.split("::");
  const groups = head.split(":");
  const zeros = tail === undefined ? 0 : 8 - groups.length - tail.split(":").length;
  return [...groups, ...Array(Math.max(zeros, 0)).fill("0"), ...(tail?.split(":") ?? [])].slice(0, 4).join(":");
}
