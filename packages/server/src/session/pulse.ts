import { CloseCode, type DownFrame } from "@tidewire/wire";
import type { Principal } from "../access.ts";
import type { Beating } from "../lines.ts";
import type { Reader } from "../log/reader.ts";
import type { HubSettings } from "../options.ts";

/** Half periods without a sign of life after which a client is gone. */
const DEAD_AFTER_BEATS = 5;
const SHORTEST_PING_MS = 5000;
const LONGEST_PING_MS = 60_000;
/** How long before its end an expiring token is noticed, in milliseconds. */
const NOTICE_MS = 30_000;

/** What a pulse does to its line. */
export interface PulseEvents {
  say(frame: DownFrame): void;
  /** Says why, then closes. */
  bye(code: number, msg: string): void;
  close(code: number, msg: string): void;
  principal(): Principal | undefined;
}

/** Keeps one line of a session warm, and ends it when its client is gone or its credentials are. */
export interface Pulse extends Beating {
  /** The period, in milliseconds. */
  readonly ping: number;
  /** The client gave a sign of life. */
  seen(): void;
}

/** Makes the pulse of one line. It counts beats, not milliseconds, so that a blocked event loop kills nobody. */
export function createPulse(
  settings: HubSettings,
  wish: number | undefined,
  reader: Reader,
  events: PulseEvents,
): Pulse {
  const { heartbeatMs, now } = settings;
  const ping = wish === undefined ? heartbeatMs : Math.min(Math.max(wish, SHORTEST_PING_MS), LONGEST_PING_MS);
  const beatsPerHalf = Math.max(1, Math.round(ping / heartbeatMs));
  let beats = 0;
  let unanswered = 0;
  let hasNoticed = false;

  const checkCredentials = () => {
    const expiresAt = events.principal()?.expiresAt;
    if (expiresAt === undefined) return;
    const left = expiresAt - now();
    if (left > NOTICE_MS) hasNoticed = false;
    else if (left <= 0) events.bye(CloseCode.tokenExpired, "the token expired");
    else if (!hasNoticed) {
      hasNoticed = true;
      events.say({ k: "exp", in: left });
    }
  };

  return {
    ping,
    seen() {
      unanswered = 0;
    },
    beat() {
      checkCredentials();
      beats += 1;
      if (beats % beatsPerHalf !== 0) return;
      const wasSilent = !reader.hasWritten;
      reader.hasWritten = false;
      if (unanswered > 0 || reader.isBlocked) unanswered += 1;
      if (unanswered > DEAD_AFTER_BEATS) return events.close(CloseCode.silent, "no sign of life");
      if (!wasSilent || reader.isBlocked) return;
      events.say({ k: "ping", ts: now() });
      reader.hasWritten = false;
      unanswered = Math.max(unanswered, 1);
    },
    close: events.bye,
  };
}
