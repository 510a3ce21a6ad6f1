import type { IncomingMessage, ServerResponse } from "node:http";
import { CloseCode, decodeUp, encodeSse, type HelloFrame } from "@tidewire/wire";
import type { Refused } from "../access.ts";
import type { HubCore } from "../hub.ts";
import type { Form } from "../line.ts";
import { type Accepted, acceptHello } from "../session/accept.ts";
import { postUp } from "../session/post-up.ts";
import { batchAsSse, tidewireForm } from "../session/tidewire-form.ts";
import { TidewireLine } from "../session/tidewire-line.ts";
import { chunkOf } from "./http-chunk.ts";
import { bodyOf, factsOf } from "./node-facts.ts";
import { pollLine } from "./node-poll.ts";
import { corsHeaders, refuseWith } from "./node-refusal.ts";
import { type SseForms, sseLine } from "./node-sse.ts";
import { streamHead } from "./node-stream-head.ts";

const SSE: SseForms = {
  chunked: tidewireForm("node sse, tidewire, chunked", {
    seal: (frames) => chunkOf(batchAsSse(frames)),
    join: (sealed) => Buffer.concat(sealed),
  }),
  unframed: tidewireForm("node sse, tidewire", {
    seal: (frames) => Buffer.from(batchAsSse(frames)),
    join: (sealed) => Buffer.concat(sealed),
  }),
};
const NEW_LINE = Buffer.from("\n");
const POLL: Form = tidewireForm("node poll", {
  seal: (frames) => Buffer.from(frames.join("\n")),
  join: (sealed) => Buffer.concat(sealed.flatMap((bytes, index) => (index === 0 ? [bytes] : [NEW_LINE, bytes]))),
});

/** Where a POST goes: a stream, a poll, or frames up. */
export type PostRoute = "stream" | "poll" | "up";

/** Answers a POST of the protocol. */
export async function answerPost(
  core: HubCore,
  route: PostRoute,
  request: IncomingMessage,
  response: ServerResponse,
  compress: boolean,
): Promise<void> {
  const text = await bodyOf(request, core.settings.maxInboundChars);
  if (text === undefined) return refuseWith(request, response, { code: CloseCode.tooLarge, msg: "body too large" });
  if (route === "up") return answerUp(core, text, request, response);

  const accepted = await accept(core, text, request);
  if ("code" in accepted) return refuseWith(request, response, accepted);
  if (response.destroyed) return;
  if (route === "poll") return poll(core, accepted, request, response);
  await stream(core, accepted, request, response, compress);
}

async function accept(core: HubCore, text: string, request: IncomingMessage): Promise<Accepted | Refused> {
  const [hello] = decodeUp(text) ?? [];
  if (hello?.k !== "hello") return { code: CloseCode.badFrame, msg: "the first frame must be hello" };
  return acceptHello(core, hello, factsOf(request));
}

async function stream(
  core: HubCore,
  accepted: Accepted,
  request: IncomingMessage,
  response: ServerResponse,
  compress: boolean,
): Promise<void> {
  const { headers, isGzip } = streamHead(request, response, compress);
  response.writeHead(200, headers);
  const line = sseLine(response, isGzip);
  line.open(encodeSse({ comment: "tidewire" }));
  const events = new TidewireLine(core, { line, form: line.formOf(SSE), transport: "sse" }, accepted);
  line.attach(events);
  try {
    await events.begin();
  } catch (error) {
    line.close(); // The response may not be the line's any more.
    throw error;
  }
}

async function poll(
  core: HubCore,
  accepted: Accepted,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const line = pollLine(response, {
    "Content-Type": "text/plain; charset=utf-8",
    "Cache-Control": "no-store",
    ...corsHeaders(request),
  });
  const events = new TidewireLine(
    core,
    { line, form: POLL, transport: "poll" },
    { ...accepted, hello: unhurried(accepted.hello) },
  );
  line.attach(events);
  await events.begin();
  const isFirstVisit = accepted.hello.subs.some(({ e }) => e === undefined);
  line.begun(events.reader.hasRead || isFirstVisit || core.life.isDraining, accepted.hello.wait);
}

/** A poll ends by itself before any ping is due. */
function unhurried(hello: HelloFrame): HelloFrame {
  return { ...hello, ping: 60_000 };
}

async function answerUp(
  core: HubCore,
  text: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const result = await postUp(core, text, factsOf(request));
  if ("code" in result) return refuseWith(request, response, result);
  response.writeHead(result.status, { "Content-Type": "application/json", ...corsHeaders(request) });
  response.end(JSON.stringify(result.body));
}
