import type { HubSettings } from "../options.ts";
import type { Principal } from "../principal.ts";
import { Allowance, type Budget, type Rate } from "./allowance.ts";

/** Whose doing it is: whoever was found to ask, and where it came from. */
export interface Doer {
  readonly principal: Principal | undefined;
  readonly address: string | undefined;
}

/**
 * What all sessions of one principal, and all of one address, may do together. A session is made by whoever says that there
 * is one: its own allowance alone bounds nobody who makes a new one for each request.
 */
export interface Bounds {
  /** Takes from both. Above 0: too much, and the milliseconds to wait. */
  take(kind: keyof Budget, doer: Doer, cost: number): number;
}

/** So many principals and addresses are known at one time, each. Those that did least lately are forgotten first. */
const MOST_KNOWN = 10_000;

/** Makes the bounds of a hub. */
export function createBounds({ inbound, replay, now, sessionsPerPrincipal, sessionsPerAddress }: HubSettings): Bounds {
  const rates: Readonly<Record<keyof Budget, Rate>> = { inbound, replay };
  const principals = new Map<string, Budget>();
  const addresses = new Map<string, Budget>();

  const takeFrom = (
    known: Map<string, Budget>,
    name: string,
    kind: keyof Budget,
    share: number,
    cost: number,
  ): number => {
    const budget = known.get(name) ?? { inbound: undefined, replay: undefined };
    known.delete(name);
    known.set(name, budget); // The newest stand last.
    if (known.size > MOST_KNOWN) known.delete(known.keys().next().value as string);
    const { burst, perSecond } = rates[kind];
    budget[kind] ??= new Allowance({ burst: burst * share, perSecond: perSecond * share }, now());
    return budget[kind].take(cost, now());
  };

  return {
    take(kind, { principal, address }, cost) {
      const ofAddress = address === undefined ? 0 : takeFrom(addresses, address, kind, sessionsPerAddress, cost);
      if (ofAddress > 0 || principal === undefined) return ofAddress;
      return takeFrom(principals, principal.id, kind, sessionsPerPrincipal, cost);
    },
  };
}
