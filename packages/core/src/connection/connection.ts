import { DEV, type Payload, TidewireError, type TidewireErrorCode, type TidewireErrorOptions } from "@tidewire/wire";
import type { Line, LineEnd, Transport, TwoWayLine } from "../transport/transport.ts";
import { judged, type Verdict, verdictOf } from "../transport/verdict.ts";
import { createTokens } from "./auth.ts";
import { systemClock } from "./clock.ts";
import { type Liveness, watchLiveness } from "./liveness.ts";
import type { ConnectionOptions } from "./options.ts";
import { type PageEvent, platformPage } from "./page.ts";
import { LEAST_BASE_MS, retryDelay } from "./retry.ts";
import { createRhythm } from "./rhythm.ts";
import { IDLE, isAtRest, type PauseReason, type Status, transition } from "./status.ts";

/** What a connection tells its stream. */
export interface ConnectionEvents {
  message(payload: Payload, type: string, id: string): void;
  status(status: Status): void;
}

/** Keeps one line alive: dials, retries, watches for silence, wakes, asks for fresh credentials. */
export interface Connection<L extends Line = Line> {
  readonly status: Status;
  /** The open line; undefined while there is none. */
  readonly line: L | undefined;
  /** Begins: the first reader came. */
  start(): void;
  /** Ends: the last reader left. A later start begins anew. */
  stop(): void;
  /** Ends for all readers, on purpose. */
  close(): void;
  /** Ends for all readers with an error that no dial can mend. */
  fail(error: TidewireError): void;
  /** Hangs up and dials again at once, from any status but idle. */
  reconnect(): void;
}

/** One dial and the line it became. */
interface OneLine<L> {
  line?: L;
  /** Watched from the moment that it opened. */
  liveness?: Liveness;
}

/** How long a line must stay open until earlier failures are forgotten. */
const HEALTHY_MS = 10_000;

/** Makes a connection. Dials nothing until it is started. */
export function createConnection<L extends Line>(
  transport: Transport<L>,
  options: ConnectionOptions,
  events: ConnectionEvents,
): Connection<L> {
  const { clock = systemClock, page = platformPage, auth, end, connectTimeoutMs = 10_000 } = options;
  const tokens = auth && createTokens(auth, clock);
  const rhythm = createRhythm();
  let status = IDLE;
  let lastEventId = "";
  let baseHintMs: number | undefined;
  let attempt = 0;
  let didRefresh = false;
  /** A line of this stream was open: the address is right, whatever answers there now. */
  let wasEverOpen = false;
  /** The server named the time of the next dial: nothing that happens to the page shortens it. */
  let isToldToWait = false;
  /** The dial or line that counts; what any other one says is late and ignored. */
  let current: OneLine<L> | undefined;
  let cancelTimer: () => void = () => {};
  let stopPage: () => void = () => {};

  function start(): void {
    if (!isAtRest(status)) return;
    lastEventId = options.lastEventId ?? "";
    baseHintMs = undefined;
    wasEverOpen = false;
    forgive();
    stopPage = page.listen(onPage);
    dialOrPause();
  }

  function close(): void {
    rest({ status: "closed", error: undefined });
  }

  function fail(error: TidewireError): void {
    rest({ status: "failed", error });
  }

  /** Hangs up, and calls off whatever waits. */
  function rest(next: Status): void {
    hangUp();
    stopPage();
    tell(next);
  }

  function hangUp(): void {
    cancelTimer();
    const gone = current;
    current = undefined;
    gone?.liveness?.stop();
    gone?.line?.close();
  }

  function tell(told: Status): void {
    const next = transition(status, told);
    if (next === status) return;
    status = next;
    events.status(next);
  }

  function flow(word: "open" | "catching-up"): void {
    tell({ status: word, since: clock.now(), error: undefined });
  }

  /** Earlier failures count no more. */
  function forgive(): void {
    attempt = 0;
    didRefresh = false;
  }

  function dialOrPause(): void {
    if (page.isOnline()) dial();
    else pause("offline");
  }

  function pause(why: PauseReason): void {
    hangUp();
    tell({ status: "paused", why, error: undefined });
  }

  function dial(): void {
    hangUp();
    attempt += 1;
    const mine: OneLine<L> = {};
    current = mine;
    const isMine = (): boolean => current === mine;
    tell({ status: "connecting", attempt, error: status.error });
    if (!isMine()) return; // a status listener closed or reconnected
    cancelTimer = clock.after(connectTimeoutMs, () =>
      lost(errorOf("connect-timeout", DEV && `did not open in ${connectTimeoutMs} ms.`)),
    );
    if (!tokens) return open();
    tokens.get().then(
      (token) => isMine() && open(token),
      (error: TidewireError) => isMine() && lost(error),
    );

    function open(token?: string): void {
      const line = transport.open(
        { lastEventId, token },
        {
          opened: (isReplaying) => {
            if (isMine() && !mine.liveness) opened(mine, isReplaying);
          },
          caughtUp: () => {
            if (isMine()) flow("open");
          },
          alive: (isHeartbeat) => mine.liveness?.alive(isHeartbeat),
          message: (payload, type, id) => {
            if (!isMine()) return;
            if (end?.({ payload, type, id })) return close();
            didRefresh = false; // a server that talks has accepted the token
            events.message(payload, type, id);
          },
          resumeAt: (id) => {
            if (!isMine()) return;
            lastEventId = id;
            attempt = 0; // an id that moved is progress, which the next dial keeps
          },
          retryHint: (ms) => {
            if (isMine()) baseHintMs = Math.max(ms, LEAST_BASE_MS);
          },
          closed: (how) => {
            if (isMine()) ended(how);
          },
        },
      );
      if (isMine()) mine.line = line;
      else line.close(); // it ended, or was called off, while it opened
    }
  }

  function opened(mine: OneLine<L>, isReplaying: boolean | undefined): void {
    wasEverOpen = true;
    cancelTimer();
    cancelTimer = clock.after(HEALTHY_MS, forgive);
    const { silenceMs = transport.silenceMs, ping } = options;
    mine.liveness = watchLiveness({
      ...options,
      clock,
      silenceMs,
      rhythm,
      ping: ping && transport.uplink && (() => (mine.line as Line as TwoWayLine).send(ping())),
      onSilent() {
        rhythm.missed();
        lost(errorOf("silent", DEV && "was silent for too long."));
      },
    });
    flow(isReplaying ? "catching-up" : "open");
  }

  function ended(end: LineEnd): void {
    const { error, afterMs } = end;
    let given: Verdict | undefined;
    try {
      given = options.verdict?.(end);
    } catch (cause) {
      return fail(errorOf("option-invalid", DEV && "`verdict` threw.", { isFinal: true, cause }));
    }
    const verdict = given ?? verdictOf(end);
    if (verdict === "over") return close();
    const isRefusal = verdict === "unauthenticated";
    if (isRefusal && tokens) {
      tokens.forget();
      if (!didRefresh) {
        didRefresh = true;
        return dial();
      }
    }
    const isPassing = end.isAnswer && !given && wasEverOpen && transport.canRedial;
    const isEnd = isRefusal || verdict === "final";
    const judgement = error && judged(error, isEnd && !isPassing);
    if (isEnd && !isPassing) return fail(judgement ?? errorOf("closed-by-server", false, { isFinal: true }));
    lost(judgement, verdict === "at-once" ? 0 : afterMs, isEnd);
  }

  /** The line is gone, and another dial follows where one may; at the longest wait where `isLong`. */
  function lost(error: TidewireError | undefined, afterMs?: number, isLong?: boolean): void {
    const { maxRetries = Number.POSITIVE_INFINITY } = options;
    const wasOpen = current?.liveness;
    hangUp();
    if (!transport.canRedial) {
      // A line that may not be dialled twice is over with its first end.
      if (error ? !wasOpen : !end) return error ? fail(error) : close();
      const what = DEV && "was cut; a body is not sent twice without `resume`.";
      return fail(errorOf("cut", what, { isFinal: true, cause: error }));
    }
    if (attempt > maxRetries) {
      const what = DEV && `did not come back in ${maxRetries} retries.`;
      return fail(errorOf("retries-spent", what, { isFinal: true, cause: error }));
    }
    if (!page.isOnline()) return pause("offline");
    const failures = attempt || 1;
    const delayMs = retryDelay(
      options,
      isLong ? Number.POSITIVE_INFINITY : failures,
      !page.isVisible(),
      baseHintMs,
      afterMs,
    );
    isToldToWait = !!afterMs;
    cancelTimer = clock.after(delayMs, dialOrPause);
    tell({ status: "waiting", attempt: failures, retryAt: clock.now() + delayMs, error });
  }

  function onPage(event: PageEvent): void {
    const { status: word, why } = status as Status & { readonly why?: PauseReason };
    if (event === "frozen") return pause(event);
    if (event === "offline" && (word === "waiting" || word === "connecting")) return pause(event);
    if (event === "offline" || event === "hidden") return;
    if (why === "frozen" && event !== "thawed") return;
    if (word === "waiting" && isToldToWait) return;
    if (word === "paused" || word === "waiting") return dialOrPause();
    current?.liveness?.wake(event === "online");
  }

  function errorOf(code: TidewireErrorCode, what: string | false, how?: TidewireErrorOptions): TidewireError {
    return new TidewireError(code, `${transport.name}: ${what || code}`, how);
  }

  return {
    get status() {
      return status;
    },
    get line() {
      return current?.liveness && current.line;
    },
    start,
    stop: () => rest(IDLE),
    close,
    fail,
    reconnect() {
      if (status === IDLE) return;
      if (isAtRest(status)) return start();
      forgive();
      dial();
    },
  };
}
