import { optionInvalid } from "@tidewire/wire";
import {
  type CryptoKey,
  errors,
  type JWK,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
  type KeyObject,
} from "jose";
import type { Authenticate, Principal } from "./access.ts";

/** Options of {@link jwt}. */
export interface JwtOptions {
  /** What signatures are checked with: a secret, a public key, or what `createRemoteJWKSet` of jose gives. */
  readonly key: Uint8Array | CryptoKey | KeyObject | JWK | JWTVerifyGetKey;
  /** The algorithms that are taken, and no others, whatever a token says of itself: `["RS256"]`. */
  readonly algorithms: readonly string[];
  /** Who must have issued the token. Default: not checked. */
  readonly issuer?: string | undefined;
  /** For whom the token must be. Default: not checked. */
  readonly audience?: string | undefined;
  /** How far clocks may differ, in milliseconds. Default 5000. */
  readonly clockToleranceMs?: number | undefined;
  /** Makes the principal of the claims; undefined refuses. Default: `sub` is its id. `exp` always ends it. */
  readonly principal?: ((claims: JWTPayload) => Omit<Principal, "expiresAt"> | undefined) | undefined;
}

/** What is wrong with a token, as against what is wrong here. */
const REFUSED = new Set([
  "ERR_JWT_EXPIRED",
  "ERR_JWT_INVALID",
  "ERR_JWT_CLAIM_VALIDATION_FAILED",
  "ERR_JWS_INVALID",
  "ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
  "ERR_JOSE_ALG_NOT_ALLOWED",
  "ERR_JOSE_NOT_SUPPORTED",
  "ERR_JWKS_NO_MATCHING_KEY",
]);

/**
 * Authenticates by JSON Web Tokens: what a Tidewire client's `auth` gives, or `Authorization: Bearer`. A token must have
 * `exp` and `sub`; the line is told before it expires. Tokens in addresses are not read. Takes the package `jose`.
 */
export function jwt(options: JwtOptions): Authenticate {
  const { key, algorithms, issuer, audience, clockToleranceMs = 5000, principal = bySubject } = options;
  checkAlgorithms(algorithms);
  const checks = {
    algorithms: [...algorithms],
    clockTolerance: clockToleranceMs / 1000,
    requiredClaims: ["exp", "sub"],
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience }),
  };
  // Two signatures of one function: a key, or how to find it.
  const verify = (token: string) =>
    typeof key === "function" ? jwtVerify(token, key, checks) : jwtVerify(token, key, checks);

  return async ({ token, header }) => {
    const given = token ?? bearerOf(header("authorization"));
    if (given === undefined) return undefined;
    try {
      const { payload } = await verify(given);
      const found = principal(payload);
      return found && { ...found, id: found.id as string, expiresAt: (payload.exp as number) * 1000 };
    } catch (error) {
      if (error instanceof errors.JOSEError && REFUSED.has(error.code)) return undefined;
      throw error;
    }
  };
}

function bySubject({ sub }: JWTPayload): Pick<Principal, "id"> | undefined {
  return sub ? { id: sub } : undefined;
}

function bearerOf(header: string | undefined): string | undefined {
  return /^bearer +([^\s]+)$/i.exec(header ?? "")?.[1];
}

function checkAlgorithms(algorithms: readonly string[]): void {
  if (!Array.isArray(algorithms) || algorithms.length === 0) {
    throw optionInvalid('`algorithms` names what is taken, such as ["RS256"]: a token does not get to choose.');
  }
  if (algorithms.some((name) => name.toLowerCase() === "none")) throw optionInvalid("`none` is no signature.");
  // A public key must never be taken for a shared secret.
  const secrets = algorithms.filter((name) => name.startsWith("HS")).length;
  if (secrets > 0 && secrets < algorithms.length) {
    throw optionInvalid("`algorithms` has those of shared secrets (HS…) or those of key pairs, not both.");
  }
}
