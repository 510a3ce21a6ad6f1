import type { Identity, Principal, RequestFacts } from "../access.ts";
import type { Awaitable } from "../engine.ts";
import type { HubCore } from "../hub.ts";
import { isOriginAllowed, type Origins } from "../plain/origin.ts";
import { type PlainRequest, parsePlainRequest, type Refusal } from "../plain/request.ts";
import { followedBy } from "../settled.ts";
import { statusOf } from "./headers.ts";

/** A plain request that was found to be in order. */
export interface Admitted {
  readonly asked: PlainRequest;
  readonly principal: Principal | undefined;
  readonly address: string | undefined;
}

const CROWDED: Refusal = { status: 429, message: "There are too many requests from there." };

/** Lets a plain client in, or says why not. */
export function admit(core: HubCore, facts: RequestFacts): Awaitable<Admitted | Refusal> {
  return followedBy(judge(core, facts), (admitted) => {
    if ("status" in admitted) core.gauges.refused(admitted.status, admitted.message);
    return admitted;
  });
}

function judge(core: HubCore, facts: RequestFacts): Awaitable<Admitted | Refusal> {
  const full = core.refusal();
  if (full) return { status: 503, message: full };
  const { maxTopicsPerLine } = core.settings;
  const asked = parsePlainRequest(facts.url.searchParams, facts.header("last-event-id"), maxTopicsPerLine);
  if ("status" in asked) return asked;
  const { address } = facts;
  if (core.bounds.take("inbound", { principal: undefined, address }, 1) > 0) return CROWDED;
  return followedBy(core.access.identify(facts), (identity) => {
    if ("code" in identity) return { status: statusOf(identity.code), message: identity.msg };
    return followedBy(firstForbidden(core, identity, asked.topics), (forbidden) => {
      if (forbidden !== undefined) {
        return { status: 403, message: `You may not read the topic ${JSON.stringify(forbidden)}.` };
      }
      if (!core.access.stands(identity)) return { status: 401, message: "The credentials were revoked." };
      if (core.bounds.take("inbound", { principal: identity.principal, address: undefined }, 1) > 0) return CROWDED;
      return { asked, principal: identity.principal, address };
    });
  });
}

/** The first of the topics that may not be read, asked for one after the other. */
function firstForbidden(
  core: HubCore,
  identity: Identity,
  topics: readonly string[],
  at = 0,
): Awaitable<string | undefined> {
  const topic = topics[at];
  if (topic === undefined) return undefined;
  return followedBy(core.access.may(identity.principal, topic, "subscribe"), (mayRead) =>
    mayRead ? firstForbidden(core, identity, topics, at + 1) : topic,
  );
}

/**
 * Why the page that asks may not, if so. A browser says `Origin` where a page could read the answer or send; where it could
 * do neither (an image, a script), it says that the request crosses sites, and no line is opened for that.
 */
export function refuseOrigin<Request>(
  header: (name: string) => string | undefined,
  host: string | undefined,
  origins: Origins<Request>,
  request: Request,
): Refusal | undefined {
  const origin = header("origin");
  if (origin === undefined) {
    const isBlind = header("sec-fetch-site") === "cross-site" && header("sec-fetch-mode") === "no-cors";
    return isBlind ? { status: 403, message: "Other sites may not embed this address." } : undefined;
  }
  if (isOriginAllowed(origin, host, origins, request)) return undefined;
  return { status: 403, message: `Pages of ${origin} may not read here. Allow them with the option \`origins\`.` };
}
