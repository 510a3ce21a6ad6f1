import type { Principal } from "./access.ts";
import type { Gauges } from "./events.ts";
import { createExpiry } from "./expiry.ts";
import type { Line } from "./line.ts";
import type { Beating, Lines } from "./lines.ts";

/** One line that somebody reads. */
export interface Member extends Beating {
  readonly transport: string;
  readonly principal: Principal | undefined;
  /** How many messages it is behind in the topic where it is furthest behind. */
  readonly lag: number;
  /** Asks the client to dial again after so many milliseconds. Absent where its wire has no word for it. */
  move?(afterMs: number): void;
}

/** Who reads: every line from its welcome to its end, by principal. */
export interface Roster {
  enter(member: Member, line: Line): void;
  leave(member: Member): void;
  /** The member has other credentials now. */
  renewed(member: Member): void;
  /** The member reads a topic from now on, or no more. */
  joined(member: Member, topic: string): void;
  left(member: Member, topic: string): void;
  /** Ends the lines of one principal, and gives their number. */
  revoke(principal: string, code: number, reason: string): number;
  [Symbol.iterator](): Iterator<Member>;
}

/** How a line came and went, while somebody listens. */
interface Stay {
  readonly since: number;
  code: number | undefined;
  reason: string;
}

/** Makes an empty roster on top of the table of lines. */
export function createRoster(lines: Lines, { counters, tell }: Gauges, now: () => number): Roster {
  const stays = new WeakMap<Member, Stay>();
  const expiry = createExpiry(now);
  const readerOf = ({ transport, principal }: Member) => ({ transport, principal: principal?.id });

  const watch = (member: Member, line: Line) => {
    const stay: Stay = { since: now(), code: undefined, reason: "" };
    stays.set(member, stay);
    const close = line.close.bind(line);
    line.close = (code, reason) => {
      if (stay.code === undefined) Object.assign(stay, { code, reason });
      close(code, reason);
    };
  };

  return {
    enter(member, line) {
      lines.add(member);
      counters.linesOpened += 1;
      expiry.watch(member);
      if (!tell) return;
      watch(member, line);
      tell({ name: "tidewire.line.opened", ...readerOf(member) });
    },
    renewed: (member) => expiry.watch(member),
    joined: (member, topic) => tell?.({ name: "tidewire.topic.joined", topic, ...readerOf(member) }),
    left: (member, topic) => tell?.({ name: "tidewire.topic.left", topic, ...readerOf(member) }),
    leave(member) {
      lines.delete(member);
      expiry.forget(member);
      const stay = tell && stays.get(member);
      if (!stay) return;
      const { code, reason, since } = stay;
      tell({ name: "tidewire.line.closed", ...readerOf(member), code, reason, durationMs: now() - since });
    },
    revoke(principal, code, reason) {
      const ended = [...readLines(lines)].filter((member) => member.principal?.id === principal);
      for (const member of ended) member.close(code, reason);
      tell?.({ name: "tidewire.principal.revoked", principal, lines: ended.length });
      return ended.length;
    },
    [Symbol.iterator]: () => readLines(lines),
  };
}

/** The lines that somebody reads: a table of their own would cost each of them as much as that of all. */
function* readLines(lines: Lines): Generator<Member> {
  for (const line of lines) if (isMember(line)) yield line;
}

/** False for those that have yet to say hello. */
function isMember(line: Beating): line is Member {
  return "transport" in line;
}
