/** The numbers of the protocol: in a WebSocket's close, in `bye`, `end` and `err`. */
export const CloseCode = {
  badFrame: 4400,
  unauthenticated: 4401,
  forbidden: 4403,
  unknown: 4404,
  version: 4406,
  noHello: 4408,
  superseded: 4409,
  tooLarge: 4413,
  /** The application would not do it, for a reason of its own. */
  rejected: 4422,
  abusive: 4429,
  internal: 4500,
  shuttingDown: 4503,
  silent: 4504,
  tooSlow: 4508,
  tokenExpired: 4511,
  engineUnavailable: 4512,
  rateLimited: 4529,
  moved: 4600,
  rotate: 4601,
  stateLost: 4602,
  switched: 4610,
} as const;

/** One of the protocol's own numbers. */
export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];

/** What a client does about a number: give up, wait and dial, or dial at once. */
export type AfterClose = "final" | "back-off" | "at-once";

/** The standard's own numbers that no further dial can cure. */
const FINAL_STANDARD = new Set([1000, 1002, 1003, 1007, 1008, 1009, 1010]);

/** What a client does about a close code, the protocol's or the standard's. Unknown ones are worth another dial. */
export function afterClose(code: number): AfterClose {
  if (FINAL_STANDARD.has(code) || (code >= 4400 && code < 4500)) return "final";
  return code >= 4600 && code < 4700 ? "at-once" : "back-off";
}
