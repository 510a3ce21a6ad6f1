import { JetStreamApiError } from "@nats-io/jetstream";
import { TidewireError } from "@tidewire/wire";

/** JetStream's own numbers. */
const FULL = new Set([10_023, 10_047, 10_077, 10_122]);
const NOT_ENABLED = new Set([10_039, 10_076]);
const TOO_LARGE = 10_054;

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function meaningOf(error: unknown): readonly ["network" | "refused" | "too-large", string] {
  if (error instanceof JetStreamApiError) {
    if (FULL.has(error.code))
      return ["refused", "JetStream is full: raise its limits (maxBytes), or keep less history"];
    if (NOT_ENABLED.has(error.code)) return ["refused", "JetStream is not enabled: start the server with -js"];
    if (error.code === TOO_LARGE) return ["too-large", "The message is larger than the stream takes"];
    return ["network", "JetStream refused"];
  }
  const { name } = (error ?? {}) as { name?: string };
  if (name === "JetStreamNotEnabled") return ["network", "JetStream does not answer: is the server started with -js?"];
  if (/max_payload/i.test(textOf(error))) return ["too-large", "The message is larger than the server's max_payload"];
  if (name === "AuthorizationError" || name === "UserAuthenticationExpiredError") {
    return ["refused", "NATS refuses the user or the password"];
  }
  if (name === "PermissionViolationError") return ["refused", "NATS does not allow this user what the engine needs"];
  return ["network", "NATS cannot be reached"];
}

/** What a client or a server said, as one line of text without an address's user; never the client's own error, which may carry options. */
export function failure(error: unknown): TidewireError {
  if (error instanceof TidewireError) return error;
  const [code, meaning] = meaningOf(error);
  const reason = textOf(error)
    .replace(/\/\/[^@/\s]*@/g, "//")
    .slice(0, 200);
  return new TidewireError(code, reason ? `${meaning}: ${reason}` : `${meaning}.`);
}

/** What is said while there is no connection. */
export const away = (): TidewireError =>
  new TidewireError("network", "NATS cannot be reached: the engine is connecting.");
