import type { Cursor } from "@tidewire/wire";
import type { HubCore } from "../core.ts";
import type { Topic } from "../log/topic.ts";
import { Allowance, type Budget } from "./allowance.ts";
import type { Doer } from "./bounds.ts";
import type { Session } from "./sessions.ts";

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

/** The cursor to replay from; undefined when that is more than this session, or whoever has it, may still ask for; `most`: what its line can take, in characters. */
export function replayFrom(
  core: HubCore,
  session: Session,
  from: Doer,
  { log }: Topic,
  cursor: Cursor,
  most: number,
): Cursor | undefined {
  // Offsets may have holes, so the distance alone says too much.
  const messages = Math.min(log.size, cursor.e === log.e ? log.top - cursor.o : log.size);
  if (messages <= 0) return cursor;
  const now = core.settings.now();
  const cost = Math.min(most, (log.chars * messages) / log.size);
  session.replay ??= new Allowance(core.settings.replay, now);
  return session.replay.take(cost, now) === 0 && core.bounds.take("replay", from, cost) === 0 ? cursor : undefined;
}
