import { CloseCode, type DownFrame } from "@tidewire/wire";
import type { Principal } from "../access.ts";
import type { Reader } from "../log/reader.ts";
import type { HubSettings } from "../options.ts";

/** Half periods without a sign of life after which a client is gone. */
const DEAD_AFTER_BEATS = 5;
const SHORTEST_PING_MS = 5000;
const LONGEST_PING_MS = 60_000;
/** How long before its end an expiring token is noticed at most, in milliseconds. */
const NOTICE_MS = 30_000;

/** A line that has a pulse. */
export interface Living {
  readonly reader: Reader;
  readonly principal: Principal | undefined;
  say(frame: DownFrame): void;
  /**
   * Asks the client to hand over. Where a balancer spreads its POSTs over many nodes, none of its answers may have come to
   * this one: who is alive then moves before the line ends.
   */
  move(afterMs: number, why: "rotate"): void;
  /** Says why, then closes. */
  bye(code: number, msg: string): void;
  /** Closes without a word: nobody is there to hear it. */
  hangUp(code: number, msg: string): void;
}

/**
 * Keeps one line of a session warm, and ends it when its client is gone or its credentials are. It counts beats, not
 * milliseconds: a blocked event loop, in which no client could be heard, costs one beat however long it was.
 */
export class Pulse {
  /** The period, in milliseconds. */
  readonly ping: number;
  readonly #settings: HubSettings;
  readonly #line: Living;
  #beats = 0;
  #unanswered = 0;
  #hasNoticed = false;
  /** How long before the end of the credentials the client is told. */
  #noticeMs = 0;

  constructor(settings: HubSettings, wish: number | undefined, line: Living) {
    this.#settings = settings;
    this.#line = line;
    this.ping = wish === undefined ? settings.heartbeatMs : Math.min(Math.max(wish, SHORTEST_PING_MS), LONGEST_PING_MS);
    this.renewed();
  }

  /** The credentials are others: those that live shortly are noticed half-way. */
  renewed(): void {
    const life = (this.#line.principal?.expiresAt ?? Infinity) - this.#settings.now();
    this.#noticeMs = Math.min(NOTICE_MS, life / 2);
    this.#hasNoticed = false;
  }

  /** The client gave a sign of life. */
  seen(): void {
    this.#unanswered = 0;
  }

  /** Called at every half period of the hub's own. */
  beat(): void {
    const { reader } = this.#line;
    if (this.#checkCredentials()) return;
    this.#beats += 1;
    if (this.#beats % Math.max(1, Math.round(this.ping / this.#settings.heartbeatMs)) !== 0) return;
    const wasSilent = !reader.hasWritten;
    reader.hasWritten = false;
    if (this.#unanswered > 0 || reader.isBlocked) this.#unanswered += 1;
    if (this.#unanswered > DEAD_AFTER_BEATS) return this.#line.hangUp(CloseCode.silent, "no sign of life");
    if (this.#unanswered === DEAD_AFTER_BEATS && !reader.isBlocked) this.#line.move(this.#spread(), "rotate");
    if (!wasSilent || reader.isBlocked) return;
    this.#line.say({ k: "ping", ts: this.#settings.now() });
    reader.hasWritten = false;
    this.#unanswered = Math.max(this.#unanswered, 1);
  }

  /** Half of the half period that is left, so that those who are asked in one beat do not dial in one moment. */
  #spread(): number {
    return Math.floor((Math.random() * this.ping) / 4);
  }

  /** True when the line was ended for its credentials. */
  #checkCredentials(): boolean {
    const expiresAt = this.#line.principal?.expiresAt;
    if (expiresAt === undefined) return false;
    const left = expiresAt - this.#settings.now();
    if (left <= 0) {
      this.#line.bye(CloseCode.tokenExpired, "the token expired");
      return true;
    }
    if (left <= this.#noticeMs && !this.#hasNoticed) {
      this.#hasNoticed = true;
      this.#line.say({ k: "exp", in: Math.ceil(left) });
    }
    return false;
  }
}
