import { CloseCode, type HelloFrame } from "@tidewire/wire";
import type { Principal, Refused, RequestFacts } from "../access.ts";
import type { Awaitable } from "../engine.ts";
import type { HubCore } from "../hub.ts";
import { followedBy } from "../settled.ts";
import type { Doer } from "./bounds.ts";
import type { Session } from "./sessions.ts";

/** A hello that was found to be in order. */
export interface Accepted {
  readonly hello: HelloFrame;
  readonly session: Session;
  readonly principal: Principal | undefined;
  readonly facts: RequestFacts;
}

/** Lets a client in, or says why not. */
export function acceptHello(core: HubCore, hello: HelloFrame, facts: RequestFacts): Awaitable<Accepted | Refused> {
  return followedBy(judge(core, hello, facts), (accepted) => {
    if ("code" in accepted) core.gauges.refused(accepted.code, accepted.msg);
    return accepted;
  });
}

function judge(core: HubCore, hello: HelloFrame, facts: RequestFacts): Awaitable<Accepted | Refused> {
  if (hello.v !== 1) return { code: CloseCode.version, msg: "this hub speaks version 1" };
  if (hello.subs.length > core.settings.maxTopicsPerLine) {
    return { code: CloseCode.abusive, msg: `at most ${core.settings.maxTopicsPerLine} topics fit on one line` };
  }
  const full = core.refusal();
  if (full && !goesOn(core, hello)) return { code: CloseCode.shuttingDown, msg: full };
  const crowded = crowdOf(core, { principal: undefined, address: facts.address });
  if (crowded) return crowded;
  return followedBy(core.access.identify(facts, hello.token), (identity) => {
    if ("code" in identity) return identity;
    const { principal } = identity;
    const greedy = crowdOf(core, { principal, address: undefined });
    if (greedy) return greedy;
    const session = core.sessions.join(hello, principal);
    return "code" in session ? session : { hello, session, principal, facts };
  });
}

/** Why one more hello or request is too many from there, or from whoever it is. */
export function crowdOf(core: HubCore, doer: Doer): Refused | undefined {
  const after = core.bounds.take("inbound", doer, 1);
  return after > 0 ? { code: CloseCode.rateLimited, msg: "too many requests", after } : undefined;
}

/** A poll that goes on is no new line: a hub that drains serves it until it has moved. */
function goesOn({ life, sessions }: HubCore, { sid, wait = 0 }: HelloFrame): boolean {
  return wait > 0 && sid !== undefined && sessions.has(sid) && !life.isClosing;
}
