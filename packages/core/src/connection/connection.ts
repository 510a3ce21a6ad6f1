import { type Payload, TidewireError } from "@tidewire/wire";
import type { Line, LineEnd, LineEvents, Transport } from "../transport/transport.ts";
import { createTokens, type Tokens } from "./auth.ts";
import { type Clock, systemClock } from "./clock.ts";
import { type Liveness, watchLiveness } from "./liveness.ts";
import type { ConnectionOptions } from "./options.ts";
import { browserPage, type Page, type PageEvent } from "./page.ts";
import { retryDelay } from "./retry.ts";
import { IDLE, type Signal, type Status, transition } from "./status.ts";

/** What a connection tells its stream. */
export interface ConnectionEvents {
  message(payload: Payload, type: string, id: string): void;
  status(status: Status): void;
}

/** One dial and the line it became. */
interface OneLine {
  line: Line | undefined;
  liveness: Liveness | undefined;
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
    this.#tokens = options.auth ? createTokens(options.auth, this.#clock) : undefined;
  }

  /** Begins: the first reader came. */
  start(): void {
    if (this.status.status !== "idle" && this.status.status !== "closed" && this.status.status !== "failed") return;
    this.#attempt = 0;
    this.#didRefresh = false;
    this.#lastEventId = this.#options.lastEventId ?? "";
    this.#baseHintMs = undefined;
    this.#stopPage();
    this.#stopPage = this.#page.listen((event) => this.#onPage(event));
    this.#dialOrPause();
  }

  /** Ends: the last reader left. A later start begins anew. */
  stop(): void {
    this.#rest();
    this.#signal({ type: "release" });
  }

  /** Ends for all readers, on purpose. */
  close(): void {
    this.#rest();
    this.#signal({ type: "end" });
  }

  /** Ends for all readers with an error that no dial can mend. */
  fail(error: TidewireError): void {
    this.#rest();
    this.#signal({ type: "fail", error });
  }

  /** Hangs up and dials again at once, from any status but idle. */
  reconnect(): void {
    if (this.status.status === "idle") return;
    this.#attempt = 0;
    this.#didRefresh = false;
    this.#dial();
  }

  /** Hangs up, and calls off whatever waits. */
  #rest(): void {
    this.#hangUp();
    this.#stopPage();
    this.#stopPage = () => {};
  }

  #hangUp(): void {
    this.#cancelTimer();
    this.#cancelTimer = () => {};
    const current = this.#current;
    this.#current = undefined;
    this.line = undefined;
    current?.liveness?.stop();
    current?.line?.close();
  }

  #signal(signal: Signal): void {
    const next = transition(this.status, signal);
    if (next === this.status) return;
    this.status = next;
    this.#events.status(next);
  }

  #dialOrPause(): void {
    if (this.#page.isOnline()) this.#dial();
    else this.#pause("offline");
  }

  #pause(why: "offline" | "frozen"): void {
    this.#hangUp();
    this.#signal({ type: "pause", why });
  }

  #dial(): void {
    this.#hangUp();
    this.#attempt += 1;
    const mine: OneLine = { line: undefined, liveness: undefined };
    this.#current = mine;
    this.#signal({ type: "dial", attempt: this.#attempt });
    if (this.#current !== mine) return; // a status listener closed or reconnected
    const timeoutMs = this.#options.connectTimeoutMs ?? 10_000;
    this.#cancelTimer = this.#clock.after(timeoutMs, () =>
      this.#lost(new TidewireError("connect-timeout", `${this.#transport.name} did not open in ${timeoutMs} ms.`)),
    );
    if (this.#tokens === undefined) return this.#open(mine, undefined);
    this.#tokens.get().then(
      (token) => this.#current === mine && this.#open(mine, token),
      (error: TidewireError) => this.#current === mine && this.#lost(error),
    );
  }

  #open(mine: OneLine, token: string | undefined): void {
    const isMine = (): boolean => this.#current === mine;
    const { message } = this.#events;
    const events: LineEvents = {
      opened: (isReplaying = false) => {
        if (isMine() && mine.liveness === undefined) this.#opened(mine, isReplaying);
      },
      caughtUp: () => {
        if (isMine()) this.#signal({ type: "caught-up", at: this.#clock.now() });
      },
      alive: () => mine.liveness?.alive(),
      message: (payload, type, id) => {
        if (!isMine()) return;
        mine.liveness?.alive();
        if (id !== this.#lastEventId) this.#resumeAt(id); // before the readers are told: a re-dial tells none twice
        if (this.#options.end?.({ payload, type, id })) return this.close();
        this.#didRefresh = false; // a server that talks has accepted the token
        message(payload, type, id);
      },
      resumeAt: (id) => {
        if (isMine()) this.#resumeAt(id);
      },
      retryHint: (ms) => {
        if (isMine()) this.#baseHintMs = ms;
      },
      closed: (end) => isMine() && this.#ended(end),
    };
    const line = this.#transport.open({ lastEventId: this.#lastEventId, token }, events);
    if (!isMine()) return line.close(); // it ended, or was called off, while it opened
    mine.line = line;
    if (mine.liveness !== undefined) this.line = line; // it opened at once
  }

  #resumeAt(id: string): void {
    this.#lastEventId = id;
    this.#attempt = 0; // an id that moved is progress, which the next dial keeps
  }

  #opened(mine: OneLine, isReplaying: boolean): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#clock.after(HEALTHY_MS, () => {
      this.#attempt = 0;
      this.#didRefresh = false;
    });
    this.line = mine.line;
    const { silenceMs = this.#transport.silenceMs, pingMs, pongMs = 5000, ping } = this.#options;
    mine.liveness = watchLiveness({
      clock: this.#clock,
      silenceMs: silenceMs ?? Number.POSITIVE_INFINITY,
      wakeQuietMs: silenceMs ?? 60_000,
      pingMs: ping === undefined ? undefined : (pingMs ?? 25_000),
      pongMs,
      ping: () => {
        if (ping !== undefined) this.line?.send(ping());
        return ping !== undefined;
      },
      onSilent: () => this.#lost(new TidewireError("silent", `No byte came from ${this.#transport.name} in time.`)),
    });
    this.#signal({ type: "opened", at: this.#clock.now(), isReplaying });
  }

  #ended(end: LineEnd): void {
    switch (end.how) {
      case "lost":
        return this.#lost(end.error, end.afterMs);
      case "ended":
        return this.close();
      case "failed":
        return this.fail(end.error);
      case "unauthenticated":
        if (this.#tokens === undefined || this.#didRefresh) return this.fail(end.error);
        this.#didRefresh = true;
        this.#tokens.forget();
        return this.#dial();
    }
  }

  /** A line that may not be dialled twice is over with its first end. */
  #endOnce(wasOpen: boolean, error: TidewireError | undefined): void {
    if (error === undefined && this.#options.end === undefined) return this.close();
    if (error !== undefined && !wasOpen) return this.fail(error);
    const message = `${this.#transport.name} was cut. A request with a body is not sent twice: give \`resume\` where the server can go on.`;
    this.fail(new TidewireError("cut", message, { isFinal: true, cause: error }));
  }

  #lost(error: TidewireError | undefined, afterMs?: number): void {
    const wasOpen = this.line !== undefined;
    this.#hangUp();
    const { maxRetries = Number.POSITIVE_INFINITY } = this.#options;
    if (!this.#transport.canRedial) return this.#endOnce(wasOpen, error);
    if (this.#attempt > maxRetries) {
      const message = `${this.#transport.name} did not come back in ${maxRetries} retries.`;
      return this.fail(new TidewireError("retries-spent", message, { isFinal: true, cause: error }));
    }
    if (!this.#page.isOnline()) return this.#signal({ type: "pause", why: "offline" });
    const attempt = Math.max(this.#attempt, 1);
    const wait = { attempt, isHidden: !this.#page.isVisible(), baseHintMs: this.#baseHintMs, afterMs };
    const delayMs = retryDelay(wait, this.#options);
    this.#cancelTimer = this.#clock.after(delayMs, () => this.#dialOrPause());
    this.#signal({ type: "lost", attempt, retryAt: this.#clock.now() + delayMs, error });
  }

  #onPage(event: PageEvent): void {
    const { status } = this.status;
    if (event === "frozen") return this.#pause("frozen");
    if (event === "offline") {
      if (status === "waiting" || status === "connecting") this.#pause("offline");
      return;
    }
    if (event === "hidden") return;
    if (status === "paused" && this.status.why === "frozen" && event !== "thawed") return;
    if (status === "paused" || status === "waiting") return this.#dialOrPause();
    this.#current?.liveness?.wake();
  }
}
