import { CloseCode } from "@tidewire/wire";
import type { Awaitable } from "./engine.ts";
import { hasExpired } from "./expiry.ts";
import type { Principal } from "./principal.ts";

export type { Principal } from "./principal.ts";

/** What is known of a request before it is answered. */
export interface RequestFacts {
  readonly url: URL;
  /** A header's value, by its lower-case name. */
  header(name: string): string | undefined;
  /** Where it came from, as far as that is known; with IPv6 the /64. */
  readonly address?: string | undefined;
  /** What a Tidewire client gave as token. */
  readonly token?: string | undefined;
}

/** Finds out who asks. Undefined or null refuses; so does throwing, which is also told to `onError`. */
export type Authenticate = (request: RequestFacts) => Awaitable<Principal | undefined | null>;

/** What somebody wants to do with a topic. */
export type TopicAction = "subscribe" | "publish";

/** Decides whether a principal may do something with a topic. Throwing refuses and is told to `onError`. */
export type Authorize = (principal: Principal | undefined, topic: string, action: TopicAction) => Awaitable<boolean>;

/** Why something is refused: a code of the protocol and words for it. */
export interface Refused {
  readonly code: number;
  readonly msg: string;
  /** When another try makes sense, in milliseconds. */
  readonly after?: number | undefined;
}

/** Who somebody was found to be. */
export interface Identity {
  /** Undefined where the hub asks nobody. */
  readonly principal: Principal | undefined;
  /** Revocations that were known when the question was asked. */
  readonly asOf: number;
}

/** The hub's two locks. Where the hub has none they answer at once. */
export interface Access {
  /** True where nobody is asked anything. */
  readonly isOpen: boolean;
  /** `token` is what a Tidewire client gave. */
  identify(request: RequestFacts, token?: string): Awaitable<Identity | Refused>;
  /** False when the principal was revoked after it was asked for. */
  stands(identity: Identity): boolean;
  /** What is being found out about this principal holds no more. */
  revoke(principalId: string): void;
  may(principal: Principal | undefined, topic: string, action: TopicAction): Awaitable<boolean>;
}

/** So many revocations are remembered, for answers of `authenticate` that were under way. */
const MOST_REVOKED = 10_000;
const EXPIRED: Refused = { code: CloseCode.tokenExpired, msg: "the credentials have ended" };
const UNKNOWN: Refused = { code: CloseCode.unauthenticated, msg: "who are you?" };

/** Makes the locks of a hub. */
export function createAccess(
  authenticate: Authenticate | undefined,
  authorize: Authorize | undefined,
  onError: (error: unknown, where: string) => void,
  now: () => number,
): Access {
  const revoked = new Map<string, number>();
  let revocations = 0;
  const stands = ({ principal, asOf }: Identity) => !principal || (revoked.get(principal.id) ?? 0) <= asOf;

  const ask = async (question: Authenticate, request: RequestFacts): Promise<Identity | Refused> => {
    const asOf = revocations;
    try {
      const principal = await question(request);
      if (principal && hasExpired(principal, now)) return EXPIRED;
      return principal && stands({ principal, asOf }) ? { principal, asOf } : UNKNOWN;
    } catch (error) {
      onError(error, "authenticate");
      return { code: CloseCode.internal, msg: "internal error" };
    }
  };
  const decide = async (
    question: Authorize,
    ...[principal, topic, action]: Parameters<Authorize>
  ): Promise<boolean> => {
    try {
      return await question(principal, topic, action);
    } catch (error) {
      onError(error, `authorize ${topic}`);
      return false;
    }
  };

  return {
    isOpen: !authenticate && !authorize,
    stands,
    revoke(principalId) {
      revocations += 1;
      revoked.delete(principalId); // The newest stand last.
      revoked.set(principalId, revocations);
      if (revoked.size > MOST_REVOKED) revoked.delete(revoked.keys().next().value as string);
    },
    identify(request, token) {
      return authenticate ? ask(authenticate, withToken(request, token)) : { principal: undefined, asOf: revocations };
    },
    may(principal, topic, action) {
      return authorize ? decide(authorize, principal, topic, action) : true;
    },
  };
}

function withToken(request: RequestFacts, token: string | undefined): RequestFacts {
  if (token === undefined) return request;
  const { url, header, address } = request;
  return { url, header, address, token };
}
