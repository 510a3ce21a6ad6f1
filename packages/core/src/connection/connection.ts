import { type Payload, TidewireError, type TidewireErrorCode } from "@tidewire/wire";
import type { Line, LineEnd, Transport, TwoWayLine } from "../transport/transport.ts";
import { createTokens, type Tokens } from "./auth.ts";
import { type Clock, systemClock } from "./clock.ts";
import { type Liveness, watchLiveness } from "./liveness.ts";
import type { ConnectionOptions } from "./options.ts";
import { browserPage, type Page, type PageEvent } from "./page.ts";
import { retryDelay } from "./retry.ts";
import { IDLE, isAtRest, type PauseReason, type Status, transition } from "./status.ts";

/** What a connection tells its stream. */
export interface ConnectionEvents {
  message(payload: Payload, type: string, id: string): void;
  status(status: Status): void;
}

/** One dial and the line it became. */
interface OneLine {
  line?: Line;
  liveness?: Liveness;
}

/** How long a line must stay open until earlier failures are forgotten. */
const HEALTHY_MS = 10_000;

/** Keeps one line alive: dials, retries, watches for silence, wakes, asks for fresh credentials. */
export class Connection {
  status: Status = IDLE;
  /** The open line; undefined while there is none. */
  line: Line | undefined;
  readonly #transport: Transport;
  readonly #options: ConnectionOptions;
  readonly #events: ConnectionEvents;
  readonly #clock: Clock;
  readonly #page: Page;
  readonly #tokens: Tokens | undefined;
  #lastEventId = "";
  #baseHintMs: number | undefined;
  #attempt = 0;
  #didRefresh = false;
  /** The server named the time of the next dial: nothing that happens to the page shortens it. */
  #isToldToWait = false;
  /** The dial or line that counts; what any other one says is late and ignored. */
  #current: OneLine | undefined;
  #cancelTimer: () => void = () => {};
  #stopPage: () => void = () => {};

  constructor(transport: Transport, options: ConnectionOptions, events: ConnectionEvents) {
    this.#transport = transport;
    this.#options = options;
    this.#events = events;
    this.#clock = options.clock ?? systemClock;
    this.#page = options.page ?? browserPage();
    this.#tokens = options.auth && createTokens(options.auth, this.#clock);
  }

  /** Begins: the first reader came. */
  start(): void {
    if (!isAtRest(this.status)) return;
    this.#lastEventId = this.#options.lastEventId ?? "";
    this.#baseHintMs = undefined;
    this.#forgive();
    this.#stopPage = this.#page.listen((event) => this.#onPage(event));
    this.#dialOrPause();
  }

  /** Ends: the last reader left. A later start begins anew. */
  stop(): void {
    this.#rest(IDLE);
  }

  /** Ends for all readers, on purpose. */
  close(): void {
    this.#rest({ status: "closed", error: undefined });
  }

  /** Ends for all readers with an error that no dial can mend. */
  fail(error: TidewireError): void {
    this.#rest({ status: "failed", error });
  }

  /** Hangs up and dials again at once, from any status but idle. */
  reconnect(): void {
    if (this.status === IDLE) return;
    if (isAtRest(this.status)) return this.start();
    this.#forgive();
    this.#dial();
  }

  /** Hangs up, and calls off whatever waits. */
  #rest(status: Status): void {
    this.#hangUp();
    this.#stopPage();
    this.#tell(status);
  }

  #hangUp(): void {
    this.#cancelTimer();
    const current = this.#current;
    this.#current = this.line = undefined;
    current?.liveness?.stop();
    current?.line?.close();
  }

  #tell(status: Status): void {
    const next = transition(this.status, status);
    if (next === this.status) return;
    this.status = next;
    this.#events.status(next);
  }

  /** Earlier failures count no more. */
  #forgive(): void {
    this.#attempt = 0;
    this.#didRefresh = false;
  }

  #dialOrPause(): void {
    if (this.#page.isOnline()) this.#dial();
    else this.#pause("offline");
  }

  #pause(why: PauseReason): void {
    this.#hangUp();
    this.#tell({ status: "paused", why, error: undefined });
  }

  #dial(): void {
    this.#hangUp();
    this.#attempt += 1;
    const mine: OneLine = {};
    this.#current = mine;
    this.#tell({ status: "connecting", attempt: this.#attempt, error: this.status.error });
    if (this.#current !== mine) return; // a status listener closed or reconnected
    const timeoutMs = this.#options.connectTimeoutMs ?? 10_000;
    this.#cancelTimer = this.#clock.after(timeoutMs, () =>
      this.#lost(this.#error("connect-timeout", `did not open in ${timeoutMs} ms`)),
    );
    if (!this.#tokens) return this.#open(mine);
    this.#tokens.get().then(
      (token) => this.#current === mine && this.#open(mine, token),
      (error: TidewireError) => this.#current === mine && this.#lost(error),
    );
  }

  #open(mine: OneLine, token?: string): void {
    const isMine = (): boolean => this.#current === mine;
    const { end } = this.#options;
    const { message } = this.#events;
    const line = this.#transport.open(
      { lastEventId: this.#lastEventId, token },
      {
        opened: (isReplaying) => {
          if (isMine() && !mine.liveness) this.#opened(mine, isReplaying);
        },
        caughtUp: () => {
          if (isMine()) this.#tell({ status: "open", since: this.#clock.now(), error: undefined });
        },
        alive: () => mine.liveness?.alive(),
        message: (payload, type, id) => {
          if (!isMine()) return;
          if (end?.({ payload, type, id })) return this.close();
          this.#didRefresh = false; // a server that talks has accepted the token
          message(payload, type, id);
        },
        resumeAt: (id) => {
          if (!isMine()) return;
          this.#lastEventId = id;
          this.#attempt = 0; // an id that moved is progress, which the next dial keeps
        },
        retryHint: (ms) => {
          if (isMine()) this.#baseHintMs = ms;
        },
        closed: (lineEnd) => {
          if (isMine()) this.#ended(lineEnd);
        },
      },
    );
    if (!isMine()) return line.close(); // it ended, or was called off, while it opened
    mine.line = line;
    if (mine.liveness) this.line = line; // it opened at once
  }

  #opened(mine: OneLine, isReplaying: boolean | undefined): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#clock.after(HEALTHY_MS, () => this.#forgive());
    this.line = mine.line;
    const { silenceMs = this.#transport.silenceMs, pingMs = 25_000, pongMs = 5000, ping } = this.#options;
    mine.liveness = watchLiveness({
      clock: this.#clock,
      silenceMs,
      pingMs,
      pongMs,
      ping: ping && this.#transport.uplink && (() => (this.line as TwoWayLine).send(ping())),
      onSilent: () => this.#lost(this.#error("silent", "was silent for too long")),
    });
    this.#tell({ status: isReplaying ? "catching-up" : "open", since: this.#clock.now(), error: undefined });
  }

  #ended(end: LineEnd): void {
    if (end.how === "ended") return this.close();
    if (end.how === "lost") return this.#lost(end.error, end.afterMs);
    if (end.how === "failed" || !this.#tokens || this.#didRefresh) return this.fail(end.error);
    this.#didRefresh = true;
    this.#tokens.forget();
    this.#dial();
  }

  #lost(error: TidewireError | undefined, afterMs?: number): void {
    const { end, maxRetries = Number.POSITIVE_INFINITY } = this.#options;
    const wasOpen = this.line;
    this.#hangUp();
    if (!this.#transport.canRedial) {
      // A line that may not be dialled twice is over with its first end.
      if (!error && !end) return this.close();
      if (error && !wasOpen) return this.fail(error);
      return this.fail(this.#error("cut", "was cut; a body is not sent twice without `resume`", error));
    }
    if (this.#attempt > maxRetries) {
      return this.fail(this.#error("retries-spent", `did not come back in ${maxRetries} retries`, error));
    }
    if (!this.#page.isOnline()) return this.#pause("offline");
    const attempt = this.#attempt || 1;
    const wait = { attempt, isHidden: !this.#page.isVisible(), baseHintMs: this.#baseHintMs, afterMs };
    const delayMs = retryDelay(wait, this.#options);
    this.#isToldToWait = !!afterMs;
    this.#cancelTimer = this.#clock.after(delayMs, () => this.#dialOrPause());
    this.#tell({ status: "waiting", attempt, retryAt: this.#clock.now() + delayMs, error });
  }

  #onPage(event: PageEvent): void {
    const { status } = this;
    const { status: word } = status;
    if (event === "frozen") return this.#pause(event);
    if (event === "offline" && (word === "waiting" || word === "connecting")) return this.#pause(event);
    if (event === "offline" || event === "hidden") return;
    if (word === "paused" && status.why === "frozen" && event !== "thawed") return;
    if (word === "waiting" && this.#isToldToWait) return;
    if (word === "paused" || word === "waiting") return this.#dialOrPause();
    this.#current?.liveness?.wake();
  }

  #error(code: TidewireErrorCode, what: string, cause?: TidewireError): TidewireError {
    const isFinal = code === "cut" || code === "retries-spent";
    return new TidewireError(code, `${this.#transport.name} ${what}.`, { isFinal, cause });
  }
}
