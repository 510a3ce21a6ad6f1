/** What went wrong, in one word that a program can act on. The union is closed: new codes are a minor version. */
export type TidewireErrorCode =
  /** A programmer's mistake: the message names the fix. Thrown at once, never state. */
  | "option-invalid"
  /** The network refused, reset or ended the line. */
  | "network"
  /** The line did not open in time. */
  | "connect-timeout"
  /** The line was open, but no byte came within the deadline. */
  | "silent"
  /** An HTTP status that is not a stream; `detail.status` has it. */
  | "http-status"
  /** The answer was not an event stream: often a captive portal or a login page. */
  | "content-type"
  /** A WebSocket close; `detail.closeCode` and `detail.reason` have it. */
  | "closed-by-server"
  /** The server refuses this user, also with a fresh token. */
  | "unauthenticated"
  /** `auth()` itself threw or rejected. */
  | "auth-failed"
  /** A request that must not be sent twice was cut. */
  | "cut"
  /** `maxRetries` dials in a row failed. */
  | "retries-spent"
  /** One message or one buffer was larger than its limit. */
  | "too-large"
  /** One message could not be decoded or did not fit its schema. */
  | "message-invalid"
  /** Nothing was sent: the stream has no open line. */
  | "not-open"
  /** This stream has no way up. */
  | "send-unsupported"
  /** A queued message was given up: the queue was full, or it grew too old. */
  | "send-dropped"
  /** The hub has not said in time whether it did what was sent: nobody knows. */
  | "unconfirmed"
  /** A reader was slower than its buffer. */
  | "overflow"
  /** The caller's AbortSignal fired. */
  | "aborted"
  /** The hub refused a frame, a topic or an origin; `detail.closeCode` has its number. */
  | "refused";

/** Evidence beside the code. Every field is optional: a reader takes what is there. */
export interface TidewireErrorDetail {
  readonly url?: string | undefined;
  readonly status?: number | undefined;
  readonly contentType?: string | undefined;
  /** The start of a wrong answer's body as text, at most 4096 characters: often the reason is in it. */
  readonly body?: string | undefined;
  /** Of a wrong answer: `retry-after`, rate limits, and the ids by which a server's log knows the request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly closeCode?: number | undefined;
  readonly reason?: string | undefined;
  /** What the server asked to wait before the next dial. */
  readonly retryAfterMs?: number | undefined;
  /** The start of the offending data, at most 200 characters. */
  readonly sample?: string | undefined;
  /** What did not fit the schema, one sentence each. */
  readonly issues?: readonly string[] | undefined;
  readonly [field: string]: unknown;
}

/** Options of {@link TidewireError}. */
export interface TidewireErrorOptions {
  /** True when dialling again cannot help. Default false. */
  readonly isFinal?: boolean | undefined;
  readonly detail?: TidewireErrorDetail | undefined;
  readonly cause?: unknown;
}

/** The one error class of every Tidewire package. */
export class TidewireError extends Error {
  override readonly name = "TidewireError";
  declare readonly code: TidewireErrorCode;
  /** True when dialling again cannot help. */
  declare readonly isFinal: boolean;
  declare readonly detail: TidewireErrorDetail;

  /** `message` is for people; without one, the code has to do. */
  constructor(
    code: TidewireErrorCode,
    message: string | false | undefined,
    { isFinal = false, detail = {}, cause }: TidewireErrorOptions = {},
  ) {
    super(message || code, cause ? { cause } : undefined);
    Object.assign(this, { code, isFinal, detail });
  }
}

/** A programmer's mistake: thrown at once, with the fix in its message where that is for development (`DEV &&`). */
export function optionInvalid(message: string | false): TidewireError {
  return new TidewireError("option-invalid", message, { isFinal: true });
}
