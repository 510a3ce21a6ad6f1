import { CloseCode, decodeUp, encodeSse } from "@tidewire/wire";
import type { Refused, RequestFacts } from "../access.ts";
import { corsFor, refusalHeaders, SSE_HEADERS, statusOf } from "../http/headers.ts";
import type { Route } from "../http/route.ts";
import type { HubCore } from "../hub.ts";
import type { Form } from "../line.ts";
import type { HubSettings } from "../options.ts";
import { type Accepted, acceptHello } from "../session/accept.ts";
import { postUp } from "../session/post-up.ts";
import { batchAsSse, tidewireForm } from "../session/tidewire-form.ts";
import { TidewireLine } from "../session/tidewire-line.ts";
import { answerLine, bodyLine, concat, concatLines } from "./fetch-line.ts";

const encoder = new TextEncoder();
const SSE: Form = tidewireForm("fetch sse, tidewire", {
  seal: (frames) => encoder.encode(batchAsSse(frames)),
  join: concat,
});
const POLL: Form = tidewireForm("fetch poll", {
  seal: (frames) => encoder.encode(frames.join("\n")),
  join: concatLines,
});

/** Answers a POST of the protocol. */
export async function answerFetchPost(
  core: HubCore,
  route: Route,
  request: Request,
  facts: RequestFacts,
): Promise<Response> {
  const cors = corsFor(facts.header("origin"));
  const text = await bodyOf(request, core.settings);
  if (text === undefined) return refuseWith(cors, { code: CloseCode.tooLarge, msg: "body too large" });
  if (route === "up") {
    const done = await postUp(core, text, facts);
    if ("code" in done) return refuseWith(cors, done);
    return Response.json(done.body, { status: done.status, headers: cors });
  }
  const [hello] = decodeUp(text) ?? [];
  if (hello?.k !== "hello") {
    return refuseWith(cors, { code: CloseCode.badFrame, msg: "the first frame must be hello" });
  }
  const accepted = await acceptHello(core, hello, facts);
  if ("code" in accepted) return refuseWith(cors, accepted);
  return route === "poll" ? poll(core, accepted, request, cors) : stream(core, accepted, request, cors);
}

function stream(core: HubCore, accepted: Accepted, { signal }: Request, cors: Record<string, string>): Response {
  const line = bodyLine(signal);
  line.write(encoder.encode(encodeSse({ comment: "tidewire" })));
  const events = new TidewireLine(core, { line, form: SSE, transport: "sse" }, accepted);
  // Begun before the line can hear that its reader is gone already, and not waited for: the head leaves at once.
  void events.begin();
  line.attach(events);
  return new Response(line.body, { headers: { ...SSE_HEADERS, ...cors } });
}

async function poll(
  core: HubCore,
  accepted: Accepted,
  { signal }: Request,
  cors: Record<string, string>,
): Promise<Response> {
  const { hello } = accepted;
  const line = answerLine(signal);
  // A poll ends by itself before any ping is due.
  const unhurried = { ...accepted, hello: { ...hello, ping: 60_000 } };
  const events = new TidewireLine(core, { line, form: POLL, transport: "poll" }, unhurried);
  const begun = events.begin();
  line.attach(events);
  await begun;
  const isFirstVisit = hello.subs.some(({ e }) => e === undefined);
  line.begun(events.reader.hasRead || isFirstVisit || core.life.isDraining, hello.wait);
  const headers = { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store", ...cors };
  return new Response(await line.answer, { headers });
}

/** Answers a request of the protocol with why not: the frame `bye`. */
function refuseWith(cors: Record<string, string>, { code, msg, after }: Refused): Response {
  const status = statusOf(code);
  const headers = { ...refusalHeaders(status, after), ...cors, "Content-Type": "application/json" };
  return Response.json({ k: "bye", code, msg, after }, { status, headers });
}

/** Reads a body of at most `maxInboundChars` bytes; undefined when there are more. A body that drips is cut short. */
async function bodyOf(
  { body }: Request,
  { maxInboundChars, helloTimeoutMs }: HubSettings,
): Promise<string | undefined> {
  if (!body) return "";
  const reader = body.getReader();
  const timer = setTimeout(() => void reader.cancel().catch(() => {}), helloTimeoutMs);
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      length += next.value.byteLength;
      if (length > maxInboundChars) {
        await reader.cancel();
        return undefined;
      }
      chunks.push(next.value);
    }
  } finally {
    clearTimeout(timer);
  }
  return new TextDecoder().decode(concat(chunks));
}
