import type { Cursor } from "@tidewire/wire";
import type { Principal } from "../access.ts";
import type { HubCore } from "../core.ts";
import type { Topic } from "../log/topic.ts";
import { Allowance, type Budget } from "./allowance.ts";
import type { Session } from "./sessions.ts";

/** Who sends. */
interface Sending {
  readonly transport: string;
  readonly principal: Principal | undefined;
}

/** Takes `count` messages up from the session's allowance. Above 0: too many, and the milliseconds to wait. */
export function takeInbound(core: HubCore, budget: Pick<Budget, "inbound">, from: Sending, count: number): number {
  const now = core.settings.now();
  budget.inbound ??= new Allowance(core.settings.inbound, now);
  const afterMs = budget.inbound.take(Math.max(1, count), now);
  if (afterMs > 0) core.gauges.limited(from.transport, from.principal?.id, afterMs);
  return afterMs;
}

/** The cursor to replay from; undefined when that is more than this session may still ask for. */
export function replayFrom(core: HubCore, session: Session, { log }: Topic, cursor: Cursor): Cursor | undefined {
  // Offsets may have holes, so the distance alone says too much.
  const messages = Math.min(log.size, cursor.e === log.e ? log.top - cursor.o : log.size);
  if (messages <= 0) return cursor;
  const now = core.settings.now();
  session.replay ??= new Allowance(core.settings.replay, now);
  return session.replay.take((log.chars * messages) / log.size, now) === 0 ? cursor : undefined;
}
