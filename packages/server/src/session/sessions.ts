import { CloseCode, type HelloFrame, type UpFrame } from "@tidewire/wire";
import type { Principal, Refused } from "../access.ts";
import { background } from "../background.ts";
import type { HubSettings } from "../options.ts";
import type { Budget } from "./allowance.ts";

/** What outlives the lines of one client: how far its uplink is done, and which lines it has. A hint, not a requirement. */
export interface Session extends Budget {
  readonly sid: string;
  /** Whose session it is. */
  readonly owner: string | undefined;
  /** The generation of the newest line. */
  gen: number;
  /** The generation of the line that took over last. */
  switchedTo: number;
  /** The last number that was done. */
  lastN: number;
  /** The work on the uplink, one after the other, while there is some. */
  tail: Promise<unknown> | undefined;
  /** Its open lines on this node: one, and two while it hands over. */
  lines: readonly SessionLine[];
  /** The client gave a sign of life. */
  seenAt: number;
  /** When its last poll ended; 0 where none did. */
  polledAt: number;
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
  has(sid: string): boolean;
  /** True while somebody is between two polls: a line in all but name. */
  isPolled(): boolean;
  /** Done when all that came up has been done, or it is time. */
  settle(timeoutMs: number): Promise<void>;
  /** The session of a POST whose first number that is not acknowledged is `n`. */
  find(sid: string, n: number, principal: Principal | undefined): Session | Refused;
  delete(session: Session): void;
  /** Ends the sweeping. */
  close(): void;
}

/** The next poll follows the last answer within this, in milliseconds, unless its client has gone. */
const BETWEEN_POLLS_MS = 2000;
/** How long a session is remembered without a line, in milliseconds. */
const REMEMBERED_MS = 60_000;
const STOLEN: Refused = { code: CloseCode.forbidden, msg: "this session is somebody else's" };

/**
 * Makes the table of sessions. Those without lines that were not seen for long are forgotten, also while no line is open: a
 * POST alone makes one. Over `max` the ones not seen for longest are forgotten.
 */
export function createSessions({ maxLines: max, heartbeatMs, now }: HubSettings): Sessions {
  const sessions = new Map<string, Session>();
  let timer: ReturnType<typeof setInterval> | undefined;

  const stop = () => {
    clearInterval(timer);
    timer = undefined;
  };

  const sweep = () => {
    const oldest = now() - REMEMBERED_MS;
    for (const [sid, { lines, seenAt }] of sessions) if (lines.length === 0 && seenAt < oldest) sessions.delete(sid);
    if (sessions.size === 0) stop();
  };

  const forget = (except: string) => {
    for (const [oldest, { lines: open }] of sessions) {
      if (sessions.size <= max) break;
      if (open.length === 0 && oldest !== except) sessions.delete(oldest);
    }
  };

  const make = (sid: string, gen: number, n: number, owner: string | undefined): Session => {
    const session: Session = {
      sid,
      owner,
      gen,
      switchedTo: 0,
      lastN: n - 1,
      tail: undefined,
      lines: [],
      inbound: undefined,
      replay: undefined,
      seenAt: now(),
      polledAt: 0,
    };
    sessions.set(sid, session);
    timer ??= background(sweep, heartbeatMs / 2);
    if (sessions.size > max) forget(sid);
    return session;
  };

  return {
    get size() {
      return sessions.size;
    },
    has: (sid) => sessions.has(sid),
    isPolled() {
      const since = now() - BETWEEN_POLLS_MS;
      for (const { lines, polledAt } of sessions.values()) if (lines.length === 0 && polledAt > since) return true;
      return false;
    },
    async settle(timeoutMs) {
      const done = Promise.all([...sessions.values()].map(({ tail }) => tail));
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, timeoutMs);
      });
      await Promise.race([done, late]);
      clearTimeout(timer);
    },
    join(hello, principal) {
      const known = hello.sid === undefined ? undefined : sessions.get(hello.sid);
      if (!known) return make(hello.sid ?? newSid(), hello.gen, hello.n ?? 1, principal?.id);
      if (known.owner !== principal?.id) return STOLEN;
      // A line of polls says hello in each of them, also while the next line opens beside it.
      const isSuperseded = hello.wait === undefined ? hello.gen <= known.gen : hello.gen < known.switchedTo;
      if (isSuperseded) return { code: CloseCode.superseded, msg: `generation ${known.gen} is here already` };
      known.gen = Math.max(known.gen, hello.gen);
      known.seenAt = now();
      goOn(known, hello.n ?? 1);
      return known;
    },
    find(sid, n, principal) {
      const known = sessions.get(sid);
      if (known && known.owner !== principal?.id) return STOLEN;
      if (!known) return make(sid, 0, n, principal?.id);
      known.seenAt = now();
      goOn(known, n);
      return known;
    },
    delete: (session) => void sessions.delete(session.sid),
    close: stop,
  };
}

/** Goes on at the first number that the client says is not acknowledged: those before it were done by another node, if not here. */
export function goOn(session: Session, n: number): void {
  session.lastN = Math.max(session.lastN, n - 1);
}

/** Random numbers for the next sessions: asked for one by one they would take more memory than the name. */
const RANDOM: Uint32Array<ArrayBuffer> = new Uint32Array(256);
let used = RANDOM.length;

/** 128 random bits. */
function newSid(): string {
  if (used === RANDOM.length) {
    crypto.getRandomValues(RANDOM);
    used = 0;
  }
  let sid = "";
  for (const end = used + 4; used < end; used += 1) sid += (RANDOM[used] as number).toString(16).padStart(8, "0");
  return sid;
}
