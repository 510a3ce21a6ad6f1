import type { HubCore } from "./core.ts";
import { atLeast } from "./options.ts";
import type { Member } from "./roster.ts";

/** Options of `hub.drain`. */
export interface DrainOptions {
  /** When the last line is gone, in milliseconds from now. Peers that do not read are given two seconds of it. Default 10 000. */
  readonly deadlineMs?: number | undefined;
}

/** How long the closing of what is left may take, in milliseconds. */
const CLOSING_MS = 2500;
/** So many steps spread the ends of plain lines. */
const STEPS = 100;

/**
 * Sends everybody elsewhere, spread over the time there is: Tidewire clients are asked to hand over, each at its own moment,
 * and plain lines are ended one after the other, so that they dial again. Done when all are gone, or it is time to close.
 */
export async function sendAway(core: HubCore, { deadlineMs = 10_000 }: DrainOptions): Promise<void> {
  atLeast(1, "deadlineMs", deadlineMs);
  const { gauges, roster, lines, sessions } = core;
  const atFirst = lines.size;
  const patienceMs = Math.max(deadlineMs / 2, deadlineMs - CLOSING_MS);
  const spreadMs = patienceMs * 0.9;
  gauges.tell?.({ name: "tidewire.drain.started", lines: atFirst, deadlineMs });

  const plain: Member[] = [];
  for (const member of roster) {
    if (member.move) member.move(Math.floor(Math.random() * spreadMs));
    else plain.push(member);
  }
  core.flush();

  const start = performance.now();
  const elapsed = () => performance.now() - start;
  await new Promise<void>((resolve) => {
    const step = () => {
      const due = Math.ceil(plain.length * (1 - Math.min(1, elapsed() / spreadMs)));
      for (const member of plain.splice(due)) member.close(1012, "the server restarts");
      if ((lines.size > 0 || sessions.isPolled()) && elapsed() < patienceMs) return;
      clearInterval(timer);
      resolve();
    };
    const timer = setInterval(step, Math.max(5, patienceMs / STEPS));
    if (atFirst === 0) step(); // there may be nobody to wait for
  });
  gauges.tell?.({ name: "tidewire.drain.done", lines: atFirst - lines.size, durationMs: elapsed() });
}
