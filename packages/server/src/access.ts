import { CloseCode } from "@tidewire/wire";
import type { Awaitable } from "./engine.ts";

/** Who is at the other end of a line. */
export interface Principal {
  /** The same for every line of the same user: a session answers only to its own principal. */
  readonly id: string;
  /** When the credentials end, in milliseconds of the hub's clock. */
  readonly expiresAt?: number | undefined;
  readonly [field: string]: unknown;
}

/** What is known of a request before it is answered. */
export interface RequestFacts {
  readonly url: URL;
  /** A header's value, by its lower-case name. */
  header(name: string): string | undefined;
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
}

/** The hub's two locks. */
export interface Access {
  /** The principal of a request; undefined where the hub asks nobody. */
  identify(request: RequestFacts): Promise<{ readonly principal: Principal | undefined } | Refused>;
  may(principal: Principal | undefined, topic: string, action: TopicAction): Promise<boolean>;
}

/** Makes the locks of a hub. */
export function createAccess(
  authenticate: Authenticate | undefined,
  authorize: Authorize | undefined,
  onError: (error: unknown, where: string) => void,
): Access {
  return {
    async identify(request) {
      if (!authenticate) return { principal: undefined };
      try {
        const principal = await authenticate(request);
        return principal ? { principal } : { code: CloseCode.unauthenticated, msg: "who are you?" };
      } catch (error) {
        onError(error, "authenticate");
        return { code: CloseCode.internal, msg: "internal error" };
      }
    },
    async may(principal, topic, action) {
      if (!authorize) return true;
      try {
        return await authorize(principal, topic, action);
      } catch (error) {
        onError(error, `authorize ${topic}`);
        return false;
      }
    },
  };
}
