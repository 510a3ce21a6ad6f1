import type { Principal, RequestFacts } from "@tidewire/server";

/** What guards see of a request: as much as one of Express or Fastify, a WebSocket's and a later token's alike. */
export interface GuardedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly query: Readonly<Record<string, string>>;
  /** By lower-case names. What a client gave as token is the header `authorization`. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  header(name: string): string | undefined;
  get(name: string): string | undefined;
  /** What a guard found out. */
  user?: unknown;
}

/** The request as guards see it. */
export function guardedRequest({ url, header, token }: RequestFacts): GuardedRequest {
  const headerOf = (name: string): string | undefined => {
    const given = header(name.toLowerCase());
    return name.toLowerCase() === "authorization" && token !== undefined ? `Bearer ${token}` : given;
  };
  return {
    method: "GET",
    url: url.pathname + url.search,
    query: Object.fromEntries(url.searchParams),
    headers: new Proxy(
      {},
      {
        get: (_none, name) => (typeof name === "string" ? headerOf(name) : undefined),
        has: (_none, name) => typeof name === "string" && headerOf(name) !== undefined,
      },
    ),
    header: headerOf,
    get: headerOf,
  };
}

/** The user that guards left on the request, as the hub knows people. */
export function principalOf({ user }: GuardedRequest): Principal | undefined {
  if (typeof user !== "object" || user === null) return undefined;
  const { id, sub, userId, exp } = user as { id?: unknown; sub?: unknown; userId?: unknown; exp?: unknown };
  const name = id ?? sub ?? userId;
  if (name === undefined || name === null) return undefined;
  return { ...user, id: String(name), expiresAt: typeof exp === "number" ? exp * 1000 : undefined };
}
