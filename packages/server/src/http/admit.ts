import type { Principal, RequestFacts } from "../access.ts";
import type { HubCore } from "../hub.ts";
import { isOriginAllowed, type Origins } from "../plain/origin.ts";
import { type PlainRequest, parsePlainRequest, type Refusal } from "../plain/request.ts";
import { statusOf } from "./headers.ts";

/** A plain request that was found to be in order. */
export interface Admitted {
  readonly asked: PlainRequest;
  readonly principal: Principal | undefined;
}

/** Lets a plain client in, or says why not. */
export async function admit(core: HubCore, facts: RequestFacts): Promise<Admitted | Refusal> {
  const admitted = await judge(core, facts);
  if ("status" in admitted) core.gauges.refused(admitted.status, admitted.message);
  return admitted;
}

async function judge(core: HubCore, facts: RequestFacts): Promise<Admitted | Refusal> {
  const full = core.refusal();
  if (full) return { status: 503, message: full };
  const { maxTopicsPerLine } = core.settings;
  const asked = parsePlainRequest(facts.url.searchParams, facts.header("last-event-id"), maxTopicsPerLine);
  if ("status" in asked) return asked;
  const identity = await core.access.identify(facts);
  if ("code" in identity) return { status: statusOf(identity.code), message: identity.msg };
  for (const topic of asked.topics) {
    const mayRead = await core.access.may(identity.principal, topic, "subscribe");
    if (!mayRead) return { status: 403, message: `You may not read the topic ${JSON.stringify(topic)}.` };
  }
  if (!core.access.stands(identity)) return { status: 401, message: "The credentials were revoked." };
  return { asked, principal: identity.principal };
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
