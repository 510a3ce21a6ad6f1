import { DEV, TidewireError } from "@tidewire/wire";
import type { Clock } from "./clock.ts";

/** A token, and until when it may be used again, in milliseconds since 1970. */
export interface Token {
  readonly token: string;
  readonly expiresAt?: number | undefined;
}

/** Gives the credentials of a dial. A bare string is asked for again at each dial; one with `expiresAt` is kept until then. */
export type Auth = () => string | Token | Promise<string | Token>;

/** The tokens of one stream. */
export interface Tokens {
  /** The token to dial with. Rejects with `auth-failed`, which is worth a retry. One call of `auth` at a time. */
  get(): Promise<string>;
  /** The server refused the token: ask for a new one next time. */
  forget(): void;
}

/** A token this close to its end would expire on the way. */
const MARGIN_MS = 5000;

/** Asks `auth`, one call at a time, and keeps what it gave until it expires. */
export function createTokens(auth: Auth, clock: Clock): Tokens {
  let kept: Token | undefined;
  let asking: Promise<string> | undefined;

  async function ask(): Promise<string> {
    let cause: unknown;
    try {
      const given = await auth();
      kept = typeof given === "string" ? { token: given } : given;
      if (typeof kept.token === "string") return kept.token;
    } catch (thrown) {
      cause = thrown;
    }
    const text = DEV && "auth() failed, or gave no token; it is asked again at the next dial.";
    throw new TidewireError("auth-failed", text, { cause });
  }

  return {
    async get() {
      if (kept?.expiresAt && kept.expiresAt - MARGIN_MS > clock.now()) return kept.token;
      asking ??= ask().finally(() => {
        asking = undefined;
      });
      return asking;
    },
    forget() {
      kept = undefined;
    },
  };
}
