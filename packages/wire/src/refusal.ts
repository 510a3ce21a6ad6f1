import { CloseCode } from "./close-code.ts";
import { TidewireError, type TidewireErrorDetail } from "./error.ts";

/** An application's own no: `detail.reason` is its word for programs, `message` what it says to people. */
export interface Refusal<Reason extends string = string> extends TidewireError {
  readonly code: "refused";
  readonly detail: TidewireErrorDetail & { readonly reason: Reason; readonly closeCode: 4422 };
}

/**
 * What a handler of the hub throws to refuse a message or a call: it reaches the client's `send` or `call` as it is, and is
 * no accident, so nobody else is told.
 *
 * @example
 * if (text.length > 500) throw refusal("too-long", "At most 500 characters.");
 */
export function refusal<Reason extends string>(reason: Reason, message: string): Refusal<Reason> {
  const detail = { reason, closeCode: CloseCode.rejected };
  return new TidewireError("refused", message, { isFinal: true, detail }) as Refusal<Reason>;
}

/** True for an application's own no; with reasons, for one of those. */
export function isRefusal<Reason extends string>(
  error: unknown,
  ...reasons: readonly Reason[]
): error is Refusal<Reason> {
  if (!(error instanceof TidewireError) || error.detail.closeCode !== CloseCode.rejected) return false;
  return reasons.length === 0 || reasons.includes(error.detail.reason as Reason);
}
