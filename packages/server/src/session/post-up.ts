import { CloseCode, type DownFrame, decodeUpRequest, type NumberedFrame, type UpResponse } from "@tidewire/wire";
import type { Refused, RequestFacts } from "../access.ts";
import type { HubCore } from "../hub.ts";
import { crowdOf } from "./accept.ts";
import { takeInbound } from "./budget.ts";
import { doNumbered } from "./uplink.ts";

/** Does the body of a POST to `up`. `status` 202 or 409 comes with a body, a refusal without. */
export async function postUp(
  core: HubCore,
  text: string,
  facts: RequestFacts,
): Promise<{ readonly status: 202 | 409; readonly body: UpResponse } | Refused> {
  const request = decodeUpRequest(text);
  if (!request) return { code: CloseCode.badFrame, msg: "not a body of frames" };
  if (core.life.isClosing) return { code: CloseCode.shuttingDown, msg: "the server restarts" };
  const { address } = facts;
  const crowded = crowdOf(core, { principal: undefined, address });
  if (crowded) return crowded;
  const identity = await core.access.identify(facts, request.token);
  if ("code" in identity) return identity;
  const { principal } = identity;
  const session = core.sessions.find(request.sid, request.n, principal);
  if ("code" in session) return session;
  const after = takeInbound(core, session, { transport: "post", principal, address }, request.frames.length);
  if (after > 0) return { code: CloseCode.rateLimited, msg: "too many messages", after };

  const isNumbered = (frame: { k: string }): frame is NumberedFrame => frame.k === "pub" || frame.k === "call";
  const numbered = request.frames.filter(isNumbered);
  const done = await doNumbered(core, { session, principal, transport: "post" }, numbered);
  const others = request.frames.filter((frame) => !isNumbered(frame));
  for (const line of session.lines) {
    line.seen();
    if (others.length > 0) await line.take(others);
  }
  const frames: readonly DownFrame[] = done.frames;
  return { status: done.isAhead ? 409 : 202, body: { ack: session.lastN, frames } };
}
