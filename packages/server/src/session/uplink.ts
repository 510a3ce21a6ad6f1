import { CloseCode, type DownFrame, isRefusal, type NumberedFrame } from "@tidewire/wire";
import type { Principal } from "../access.ts";
import { encodeData } from "../encode-data.ts";
import type { HubCore } from "../hub.ts";
import type { Sender } from "../inbox.ts";
import type { Session } from "./sessions.ts";

/** Whose uplink it is. */
export interface Uplink {
  readonly session: Session;
  readonly principal: Principal | undefined;
  readonly transport: string;
}

/** So many characters of what an application says travel. */
const MOST_WORDS = 1000;

/** What came of a numbered frame: answers, and whether frames before it are missing. */
export interface Done {
  readonly frames: readonly DownFrame[];
  readonly isAhead: boolean;
}

/** Does numbered frames once and in order, across lines and POSTs of one session. Never rejects. */
export function doNumbered(core: HubCore, uplink: Uplink, frames: readonly NumberedFrame[]): Promise<Done> {
  const { session } = uplink;
  const run = () => doAll(core, uplink, frames);
  const work = session.tail === undefined ? run() : session.tail.then(run);
  session.tail = work;
  return work.finally(() => {
    if (session.tail === work) session.tail = undefined;
  });
}

async function doAll(core: HubCore, uplink: Uplink, frames: readonly NumberedFrame[]): Promise<Done> {
  const { session } = uplink;
  const answers: DownFrame[] = [];
  for (const frame of frames) {
    if (frame.n > session.lastN + 1) return { frames: answers, isAhead: true };
    if (frame.n <= session.lastN) continue;
    const answer = await doOne(core, uplink, frame);
    session.lastN = Math.max(session.lastN, frame.n);
    if (answer) answers.push(answer);
  }
  return { frames: answers, isAhead: false };
}

async function doOne(core: HubCore, uplink: Uplink, frame: NumberedFrame): Promise<DownFrame | undefined> {
  const { n } = frame;
  const { session, principal, transport } = uplink;
  const from: Sender = { line: session.sid, transport, principal, idempotencyKey: `${session.sid}:${n}` };
  try {
    if (frame.k === "pub") return await publish(core, frame.t, frame.d, n, from);
    const { id } = frame;
    const result = await core.inbox.answer(frame.m, frame.d, from);
    if (!result) return { k: "err", id, n, code: CloseCode.unknown, msg: "no such method" };
    const d = result.value ?? null;
    encodeData(d, `The answer to ${frame.m}`); // where JSON has no word for it, nothing else may fail of that
    return { k: "ok", id, d };
  } catch (error) {
    const id = frame.k === "call" ? { id: frame.id } : {};
    if (isRefusal(error)) {
      const { closeCode: code, reason } = error.detail;
      return {
        k: "err",
        ...id,
        n,
        code,
        msg: error.message.slice(0, MOST_WORDS),
        reason: String(reason).slice(0, MOST_WORDS),
      };
    }
    core.settings.onError(error, frame.k === "pub" ? `a message to ${frame.t}` : `a call of ${frame.m}`);
    return { k: "err", ...id, n, code: CloseCode.internal, msg: "internal error" };
  }
}

async function publish(
  core: HubCore,
  topic: string,
  data: unknown,
  n: number,
  from: Sender,
): Promise<DownFrame | undefined> {
  if (!(await core.access.may(from.principal, topic, "publish"))) {
    return { k: "err", n, code: CloseCode.forbidden, msg: "you may not publish here" };
  }
  const isTaken = await core.inbox.deliver(topic, data, from);
  if (core.topics.find(topic)?.takesPublishes) return append(core, topic, data, n, from);
  return isTaken ? undefined : { k: "err", n, code: CloseCode.forbidden, msg: "this topic takes no messages" };
}

async function append(core: HubCore, topic: string, data: unknown, n: number, from: Sender) {
  try {
    await core.append(topic, JSON.stringify(data), from.idempotencyKey);
    return undefined;
  } catch (error) {
    core.settings.onError(error, `publishing to ${topic}`);
    return { k: "err", n, code: CloseCode.engineUnavailable, msg: "the engine is unavailable" } as const;
  }
}
