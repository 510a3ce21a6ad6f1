import { type IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Writable } from "node:stream";
import { encodeSse } from "@tidewire/wire";
import type { Principal } from "../access.ts";
import { SSE_HEADERS } from "../http/headers.ts";
import type { HubCore } from "../hub.ts";
import type { Form, Line, LineEvents } from "../line.ts";
import { plainSse } from "../plain/forms.ts";
import { claimTopics, openPlainLine } from "../plain/plain-line.ts";
import type { PlainRequest } from "../plain/request.ts";
import { chunkOf } from "./http-chunk.ts";
import { CLOSE_TIMEOUT_MS, KEEP_ALIVE_MS } from "./node-limits.ts";
import { Outflow } from "./node-outflow.ts";
import { corsHeaders, writeRefusal } from "./node-refusal.ts";
import { takeSocket, whenOver } from "./node-takeover.ts";

/** One form for lines that take ready-made chunks, one for those whose body Node frames. */
export interface SseForms {
  readonly chunked: Form;
  readonly unframed: Form;
}

const FORMS: SseForms = {
  chunked: plainSse("node sse, chunked", {
    seal: (texts) => chunkOf(texts.join("")),
    join: (sealed) => Buffer.concat(sealed),
  }),
  unframed: plainSse("node sse", {
    seal: (texts) => Buffer.from(texts.join("")),
    join: (sealed) => Buffer.concat(sealed),
  }),
};
const BEAT = encodeSse({ comment: "" });
const UNFRAMED_BEAT = Buffer.from(BEAT);
const CHUNKED_BEAT = chunkOf(BEAT);
const LAST_CHUNK = chunkOf("");

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
  const form = line.formOf(FORMS);
  const from = { line: "", transport: "sse", principal };
  line.attach(openPlainLine(core, line, { topics, request: asked, form, from }));
}

/** A response as a line, once its head was written. What it is given before `attach` is written all the same. */
export function sseLine(response: ServerResponse): SseLine {
  return new SseLine(response);
}

/** {@link sseLine} */
export class SseLine implements Line {
  /** Undefined once the socket is the line's alone. */
  #response: ServerResponse | undefined;
  readonly #outflow: Outflow;
  readonly #isChunked: boolean;
  #isQuiet = true;

  constructor(response: ServerResponse) {
    this.#response = response;
    this.#isChunked = takesChunks(response);
    this.#outflow = new Outflow((this.#isChunked && response.socket) || response);
    // Over HTTP/2 the socket is the session's, not this stream's.
    if (response.req.httpVersionMajor < 2) response.socket?.setKeepAlive(true, KEEP_ALIVE_MS);
    // Later: what opens the line is written in one piece with the head.
    if (this.#isChunked) setImmediate(takeOver, this);
  }

  /** The form whose bytes this line writes. */
  formOf({ chunked, unframed }: SseForms): Form {
    return this.#isChunked ? chunked : unframed;
  }

  write(bytes: Uint8Array): boolean {
    this.#isQuiet = false;
    // A chunk behind the last one would be taken for the next response.
    const { writableEnded, destroyed } = this.#carrier;
    return !writableEnded && !destroyed && this.#outflow.write(bytes);
  }

  beat(): void {
    if (this.#isQuiet && this.#carrier.writableLength === 0) {
      this.write(this.#isChunked ? CHUNKED_BEAT : UNFRAMED_BEAT);
    }
    this.#isQuiet = true;
  }

  close(): void {
    const carrier = this.#carrier;
    if (carrier.writableEnded) return;
    if (carrier === this.#response) carrier.end();
    else endSocket(carrier as Socket);
    // A reader that does not take the rest in time is cut off.
    const timer = setTimeout(() => carrier.destroy(), CLOSE_TIMEOUT_MS);
    carrier.once("close", () => clearTimeout(timer));
  }

  attach(events: LineEvents): void {
    const response = this.#response as ServerResponse;
    this.#outflow.events = events;
    response.on("error", destroyIt);
    whenOver(response, () => events.closed());
    if (response.destroyed) events.closed();
  }

  /** Lets go of all but the socket, where that can be. */
  takeOver(): void {
    if (this.#response && takeSocket(this.#response)) this.#response = undefined;
  }

  /** What ends with the line. */
  get #carrier(): Writable {
    return this.#response ?? this.#outflow.target;
  }
}

/** Ends the body, and hangs up when all is written. */
function endSocket(socket: Socket): void {
  socket.write(LAST_CHUNK);
  socket.destroySoon();
}

function takeOver(line: SseLine): void {
  line.takeOver();
}

/** A reader that left mid-write: "close" tells the hub. */
function destroyIt(this: ServerResponse): void {
  this.destroy();
}

/** True when what is written to the socket is the body: HTTP/1.1 in chunks, and nobody (a compressor, say) in between. */
function takesChunks(response: ServerResponse): boolean {
  return (
    response.req.httpVersion === "1.1" &&
    response.chunkedEncoding &&
    response.socket !== null &&
    response.write === ServerResponse.prototype.write &&
    response.end === ServerResponse.prototype.end &&
    !response.hasHeader("content-encoding")
  );
}
