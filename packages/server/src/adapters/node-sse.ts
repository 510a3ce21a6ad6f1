import type { IncomingMessage, ServerResponse } from "node:http";
import { encodeSse } from "@tidewire/wire";
import type { Principal } from "../access.ts";
import type { HubCore } from "../hub.ts";
import type { Form, Line, LineEvents } from "../line.ts";
import { plainSse } from "../plain/forms.ts";
import { claimTopics, openPlainLine } from "../plain/plain-line.ts";
import type { PlainRequest } from "../plain/request.ts";
import { CLOSE_TIMEOUT_MS, HIGH_WATER, KEEP_ALIVE_MS } from "./node-limits.ts";
import { corsHeaders, writeRefusal } from "./node-refusal.ts";

const FORM: Form = plainSse("node sse", {
  seal: (texts) => Buffer.from(texts.join("")),
  join: (sealed) => Buffer.concat(sealed),
});
const BEAT = Buffer.from(encodeSse({ comment: "" }));

/** What a stream needs to get through proxies at once. */
export const SSE_HEADERS: Readonly<Record<string, string>> = {
  "Content-Type": "text/event-stream",
  "Cache-Control": "no-cache, no-transform",
  "X-Accel-Buffering": "no",
};

/** What a plain reader was admitted with. */
export interface PlainReader {
  readonly asked: PlainRequest;
  readonly principal: Principal | undefined;
}

/** Answers a plain EventSource: head and a first comment at once, then the topics. */
export function openSse(
  core: HubCore,
  request: IncomingMessage,
  response: ServerResponse,
  { asked, principal }: PlainReader,
  retryMs: number,
): void {
  const topics = claimTopics(core, asked);
  if ("status" in topics) return writeRefusal(response, topics);
  response.writeHead(200, { ...SSE_HEADERS, ...corsHeaders(request) });
  response.write(encodeSse({ comment: "tidewire", retry: Math.round(retryMs * (0.5 + Math.random())) }));
  const line = sseLine(response);
  const from = { line: "", transport: "sse", principal };
  line.attach(openPlainLine(core, line, { topics, request: asked, form: FORM, from }));
}

/** A response as a line. What it is given before `attach` is written all the same. */
export function sseLine(response: ServerResponse): Line & { attach(events: LineEvents): void } {
  response.socket?.setKeepAlive(true, KEEP_ALIVE_MS);
  let events: LineEvents | undefined;
  let isFull = false;
  let isQuiet = true;
  // One function for all writes: Node calls it when the bytes have left the process.
  const flushed = () => {
    if (!isFull || response.writableLength > HIGH_WATER) return;
    isFull = false;
    events?.ready();
  };
  return {
    write(bytes) {
      isQuiet = false;
      response.write(bytes, flushed);
      isFull = response.writableLength > HIGH_WATER;
      return !isFull;
    },
    beat() {
      if (isQuiet && response.writableLength === 0) response.write(BEAT);
      isQuiet = true;
    },
    close() {
      response.end();
      // A reader that does not take the rest in time is cut off.
      const timer = setTimeout(() => response.destroy(), CLOSE_TIMEOUT_MS);
      response.once("close", () => clearTimeout(timer));
    },
    attach(given) {
      events = given;
      response.on("error", () => response.destroy()); // A reader that left mid-write: "close" tells the hub.
      response.on("close", () => given.closed());
      if (response.destroyed) given.closed();
    },
  };
}
