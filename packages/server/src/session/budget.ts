import type { Cursor } from "@tidewire/wire";
import type { HubCore } from "../core.ts";
import type { Topic } from "../log/topic.ts";
import { Allowance, type Budget } from "./allowance.ts";
import type { Doer } from "./bounds.ts";

/** Who sends. */
interface Sending extends Doer {
  readonly transport: string;
}

/** Takes `count` messages up from the session's allowance, its principal's and its address's. Above 0: too many, and the milliseconds to wait. */
export function takeInbound(core: HubCore, budget: Pick<Budget, "inbound">, from: Sending, count: number): number {
  const now = core.settings.now();
  const cost = Math.max(1, count);
  budget.inbound ??= new Allowance(core.settings.inbound, now);
  const afterMs = budget.inbound.take(cost, now) || core.bounds.take("inbound", from, cost);
  if (afterMs > 0) core.gauges.limited(from.transport, from.principal?.id, afterMs);
  return afterMs;
}

/**
 * Takes what follows `cursor` from the allowances for replay; `most`: what its line can take, in characters. False: more than
 * this session, or whoever has it, may still ask for.
 */
export function takeReplay(
  core: HubCore,
  budget: Pick<Budget, "replay">,
  from: Doer,
  { log }: Topic,
  cursor: Cursor,
  most: number,
): boolean {
  // Offsets may have holes, so the distance alone says too much.
  const messages = Math.min(log.size, cursor.e === log.e ? log.top - cursor.o : log.size);
  if (messages <= 0) return true;
  const now = core.settings.now();
  const cost = Math.min(most, (log.chars * messages) / log.size);
  budget.replay ??= new Allowance(core.settings.replay, now);
  return budget.replay.take(cost, now) === 0 && core.bounds.take("replay", from, cost) === 0;
}
