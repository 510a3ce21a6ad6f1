import { TidewireError } from "@tidewire/wire";
import type { Clock } from "./clock.ts";

/** A token, and until when it may be used again, in milliseconds since 1970. */
export interface Token {
  readonly token: string;
  readonly expiresAt?: number | undefined;
}

/** Gives the credentials of a dial. A bare string is asked for again at each dial, unless it is a JWT that tells its expiry. */
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
    try {
      const given = await auth();
      const token = typeof given === "string" ? { token: given, expiresAt: jwtExpiry(given) } : given;
      if (typeof token?.token !== "string") throw new TypeError("auth must give a string or { token, expiresAt }");
      kept = token.expiresAt === undefined ? undefined : token;
      return token.token;
    } catch (cause) {
      throw new TidewireError("auth-failed", "auth() failed; it is asked again at the next dial.", { cause });
    }
  }

  return {
    get() {
      if (kept?.expiresAt !== undefined && kept.expiresAt - MARGIN_MS > clock.now()) return Promise.resolve(kept.token);
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

/** The `exp` of a JSON Web Token, in milliseconds; undefined for any other token. Only read, never trusted. */
function jwtExpiry(token: string): number | undefined {
  const claims = token.split(".")[1];
  if (claims === undefined) return undefined;
  try {
    const { exp } = JSON.parse(atob(claims.replaceAll("-", "+").replaceAll("_", "/"))) as { exp?: unknown };
    return typeof exp === "number" ? exp * 1000 : undefined;
  } catch {
    return undefined; // not a JWT: an opaque token with dots in it
  }
}
