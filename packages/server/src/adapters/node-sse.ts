import { type IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Writable } from "node:stream";
import { encodeSse } from "@tidewire/wire";
import type { Principal } from "../access.ts";
import type { HubCore } from "../hub.ts";
import type { Form, Line, LineEvents } from "../line.ts";
import { DEAD_AFTER_BEATS } from "../lines.ts";
import { plainSse } from "../plain/forms.ts";
import { claimTopics, openPlainLine } from "../plain/plain-line.ts";
import type { PlainRequest } from "../plain/request.ts";
import { chunkOf, frameChunk } from "./http-chunk.ts";
import { GzipBody } from "./node-gzip.ts";
import { CLOSE_TIMEOUT_MS, KEEP_ALIVE_MS } from "./node-limits.ts";
import { Outflow } from "./node-outflow.ts";
import { writeRefusal } from "./node-refusal.ts";
import { streamHead } from "./node-stream-head.ts";
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
  readonly address: string | undefined;
}

/** How event streams are opened. */
export interface SseOptions {
  readonly retryMs: number;
  readonly compress: boolean;
}

/** Answers a plain EventSource: head and a first comment at once, then the topics. */
export function openSse(
  core: HubCore,
  request: IncomingMessage,
  response: ServerResponse,
  { asked, principal, address }: PlainReader,
  { retryMs, compress }: SseOptions,
): void {
  const topics = claimTopics(core, asked);
  if ("status" in topics) return writeRefusal(response, topics);
  const { headers, isGzip } = streamHead(request, response, compress);
  response.writeHead(200, headers);
  const line = sseLine(response, isGzip);
  line.open(encodeSse({ comment: "tidewire", retry: Math.round(retryMs * (0.5 + Math.random())) }));
  const form = line.formOf(FORMS);
  const from = { line: "", transport: "sse", principal };
  line.attach(openPlainLine(core, line, { topics, request: asked, form, from, address }));
}

/** A response as a line, once its head was written. What it is given before `attach` is written all the same. */
export function sseLine(response: ServerResponse, isGzip: boolean): SseLine {
  return new SseLine(response, isGzip);
}

/** {@link sseLine} */
export class SseLine implements Line {
  /** Undefined once the socket is the line's alone. */
  #response: ServerResponse | undefined;
  readonly #outflow: Outflow;
  readonly #isChunked: boolean;
  readonly #gzip: GzipBody | undefined;
  #isQuiet = true;
  #isKeptAlive = false;
  /** Unsent bytes at the last beat, and for how many beats not one of them has left. */
  #unsent = 0;
  #stuckBeats = 0;

  constructor(response: ServerResponse, isGzip: boolean) {
    this.#response = response;
    const isSocket = takesChunks(response, isGzip);
    this.#gzip = isGzip ? new GzipBody(isSocket) : undefined;
    this.#isChunked = isSocket && !isGzip;
    this.#outflow = new Outflow((isSocket && response.socket) || response);
    if (isSocket) setImmediate(settle, this);
  }

  /** Writes the head and the first text, in one piece with what this turn of the event loop adds: what a returning reader missed. */
  open(text: string): void {
    const response = this.#response as ServerResponse;
    const first = this.#gzip?.open(text) ?? Buffer.from(text);
    const { target } = this.#outflow;
    if (target === response) return void response.write(first);
    // All but the head goes past the response: what that still held back would come behind.
    target.cork();
    response.flushHeaders();
    target.write(frameChunk(first));
  }

  /** The form whose bytes this line takes. */
  formOf({ chunked, unframed }: SseForms): Form {
    return this.#isChunked ? chunked : unframed;
  }

  write(bytes: Uint8Array): boolean {
    this.#isQuiet = false;
    // A chunk behind the last one would be taken for the next response.
    const { writableEnded, destroyed } = this.#carrier;
    return !writableEnded && !destroyed && this.#outflow.write(this.#gzip?.pack(bytes) ?? bytes);
  }

  beat(): void {
    if (!this.#isKeptAlive) this.#keepAlive();
    if (this.#isStuck()) return void this.#carrier.destroy();
    if (this.#isQuiet && this.#carrier.writableLength === 0) {
      this.write(this.#isChunked ? CHUNKED_BEAT : UNFRAMED_BEAT);
    }
    this.#isQuiet = true;
  }

  close(): void {
    const carrier = this.#carrier;
    if (carrier.writableEnded) return;
    const last = this.#gzip?.end();
    if (carrier === this.#response) carrier.end(last);
    else endSocket(carrier as Socket, last);
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

  /** The head goes out; then all but the socket is let go of, where that can be. */
  settle(): void {
    this.#outflow.target.uncork();
    if (this.#response && takeSocket(this.#response)) this.#response = undefined;
  }

  /** True once the reader has taken nothing of what waits for it for too long. */
  #isStuck(): boolean {
    const unsent = unsentBytes(this.#response?.socket ?? this.#carrier, this.#carrier.writableLength);
    this.#stuckBeats = unsent > 0 && unsent >= this.#unsent ? this.#stuckBeats + 1 : 0;
    this.#unsent = unsent;
    return this.#stuckBeats > DEAD_AFTER_BEATS;
  }

  /** At the first beat: four questions to the system for each line would hold up thousands that return at once. */
  #keepAlive(): void {
    this.#isKeptAlive = true;
    const response = this.#response;
    // Over HTTP/2 the socket is the session's, not this stream's.
    const isShared = response !== undefined && response.req.httpVersionMajor > 1;
    const socket = response ? response.socket : (this.#outflow.target as Socket);
    if (!isShared) socket?.setKeepAlive(true, KEEP_ALIVE_MS);
  }

  /** What ends with the line. */
  get #carrier(): Writable {
    return this.#response ?? this.#outflow.target;
  }
}

/** What waits to be sent: as the system counts it where it does, so that a part of a long write is progress. */
function unsentBytes(
  socket: Writable & { readonly _handle?: { readonly writeQueueSize?: number } | null },
  written: number,
): number {
  const queued = socket._handle?.writeQueueSize;
  return written > 0 && queued !== undefined && queued > 0 ? queued : written;
}

/** Ends the body, and hangs up when all is written. */
function endSocket(socket: Socket, last: Buffer | undefined): void {
  if (last) socket.write(frameChunk(last));
  socket.write(LAST_CHUNK);
  socket.destroySoon();
}

function settle(line: SseLine): void {
  line.settle();
}

/** A reader that left mid-write: "close" tells the hub. */
function destroyIt(this: ServerResponse): void {
  this.destroy();
}

/** True when what is written to the socket is the body: HTTP/1.1 in chunks, and nobody (another compressor, say) in between. */
function takesChunks(response: ServerResponse, isGzip: boolean): boolean {
  return (
    response.req.httpVersion === "1.1" &&
    response.chunkedEncoding &&
    response.socket !== null &&
    response.write === ServerResponse.prototype.write &&
    response.end === ServerResponse.prototype.end &&
    (isGzip || !response.hasHeader("content-encoding"))
  );
}
