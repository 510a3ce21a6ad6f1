import { CloseCode, type HelloFrame, type UpFrame } from "@tidewire/wire";
import type { Principal, Refused } from "../access.ts";
import type { Budget } from "./budget.ts";

/** What outlives the lines of one client: how far its uplink is done, and which lines it has. A hint, not a requirement. */
export interface Session extends Budget {
  readonly sid: string;
  /** Whose session it is. */
  readonly owner: string | undefined;
  /** The generation of the newest line. */
  gen: number;
  /** The last number that was done. */
  lastN: number;
  /** The work on the uplink, one after the other, while there is some. */
  tail: Promise<unknown> | undefined;
  /** Its open lines on this node: one, and two while it hands over. */
  lines: readonly SessionLine[];
  /** The client gave a sign of life. */
  seenAt: number;
}

/** What a session knows of its lines. */
export interface SessionLine {
  readonly gen: number;
  /** Says why, then closes. */
  bye(code: number, msg: string): void;
  /** The client gave a sign of life. */
  seen(): void;
  /** Does frames that came up beside the line. */
  take(frames: readonly UpFrame[]): Promise<void>;
}

/** The sessions of one node. */
export interface Sessions {
  readonly size: number;
  /** The session of a hello; a new one for a session that is not known here. */
  join(hello: HelloFrame, principal: Principal | undefined): Session | Refused;
  /** The session of a POST; `n` is the first number that its client holds for open. */
  find(sid: string, n: number, principal: Principal | undefined): Session | Refused;
  delete(session: Session): void;
  /** Forgets sessions without lines that were not seen for long. */
  sweep(): void;
}

/** How long a session is remembered without a line, in milliseconds. */
const REMEMBERED_MS = 60_000;
const STOLEN: Refused = { code: CloseCode.forbidden, msg: "this session is somebody else's" };

/** Makes the table of sessions. Over `max` the ones not seen for longest are forgotten. */
export function createSessions(max: number, now: () => number): Sessions {
  const sessions = new Map<string, Session>();

  const make = (sid: string, gen: number, n: number, owner: string | undefined): Session => {
    const session: Session = {
      sid,
      owner,
      gen,
      lastN: n - 1,
      tail: undefined,
      lines: [],
      inbound: undefined,
      replay: undefined,
      seenAt: now(),
    };
    sessions.set(sid, session);
    for (const [oldest, { lines: open }] of sessions) {
      if (sessions.size <= max) break;
      if (open.length === 0 && oldest !== sid) sessions.delete(oldest);
    }
    return session;
  };

  /** What its client holds for acknowledged was done, here or by another node in between. */
  const wentOn = (session: Session, n: number): Session => {
    session.lastN = Math.max(session.lastN, n - 1);
    session.seenAt = now();
    return session;
  };

  return {
    get size() {
      return sessions.size;
    },
    join(hello, principal) {
      const known = hello.sid === undefined ? undefined : sessions.get(hello.sid);
      if (!known) return make(hello.sid ?? newSid(), hello.gen, hello.n ?? 1, principal?.id);
      if (known.owner !== principal?.id) return STOLEN;
      if (hello.gen <= known.gen) return { code: CloseCode.superseded, msg: `generation ${known.gen} is here already` };
      known.gen = hello.gen;
      return wentOn(known, hello.n ?? 1);
    },
    find(sid, n, principal) {
      const known = sessions.get(sid);
      if (known && known.owner !== principal?.id) return STOLEN;
      return known ? wentOn(known, n) : make(sid, 0, n, principal?.id);
    },
    delete: (session) => void sessions.delete(session.sid),
    sweep() {
      const oldest = now() - REMEMBERED_MS;
      for (const [sid, { lines, seenAt }] of sessions) if (lines.length === 0 && seenAt < oldest) sessions.delete(sid);
    },
  };
}

/** 128 random bits. */
function newSid(): string {
  return crypto.randomUUID().replaceAll("-", "");
}
