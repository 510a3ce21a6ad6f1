import { isUtf8 } from "node:buffer";
import { inflateMessage } from "./node-permessage-deflate.ts";
import { CLOSE, closePayload, LONGEST_CONTROL, PING, PONG, TEXT } from "./websocket-frame.ts";

const CONTINUATION = 0;
const BINARY = 2;
const FINAL = 0x80;
const DEFLATED = 0x40;
const RESERVED = 0x30;
const MASKED = 0x80;
const MASK_LENGTH = 4;

/** The close codes of the standard that are used here. */
const BROKEN = 1002;
const NOT_TEXT = 1007;
const TOO_LARGE = 1009;

/** What a reader of frames tells. Payloads are pieces of a larger buffer: they are for now, not for keeping. */
export interface FrameEvents {
  message(payload: Buffer, isText: boolean): void;
  ping(payload: Buffer): void;
  pong(): void;
  /** Nothing more is read: the other side closes, or broke the rules. It is answered with a close of this payload. */
  over(payload: Buffer): void;
}

/** What is taken from a client. */
export interface FrameLimits {
  /** The most bytes of one message, unpacked. */
  readonly maxBytes: number;
  /** True where messages may be compressed. */
  readonly inflates: boolean;
}

/**
 * Reads the frames of one client as they arrive. What cannot become a message is refused from its head. It holds nothing
 * between two messages: whoever has many quiet clients lets go of it then.
 */
export class FrameReader {
  readonly #events: FrameEvents;
  readonly #limits: FrameLimits;
  /** The beginning of a frame, until so many bytes are there. */
  #unread: Pile | undefined;
  #needed = 0;
  /** The message whose fragments arrive: what kind it is, and what came of it. */
  #kind = 0;
  #isDeflated = false;
  #fragments: Pile | undefined;
  #isOver = false;

  constructor(events: FrameEvents, limits: FrameLimits) {
    this.#events = events;
    this.#limits = limits;
  }

  /** True between two messages. */
  get isIdle(): boolean {
    return this.#unread === undefined && this.#kind === 0;
  }

  /** Reads on. Payloads are unmasked in place. */
  read(chunk: Buffer): void {
    let bytes = chunk;
    if (this.#unread !== undefined) {
      this.#unread.add(chunk);
      if (this.#unread.length < this.#needed) return;
      bytes = this.#unread.bytes;
      this.#unread = undefined;
    }
    let at = 0;
    while (!this.#isOver && at < bytes.length) {
      const length = this.#lengthOf(bytes, at);
      if (this.#isOver) return;
      if (bytes.length - at < length) return this.#keep(bytes.subarray(at), length);
      this.#take(bytes, at, length);
      at += length;
    }
  }

  /** How long the frame is, as far as that is known: less than that is not worth looking at. */
  #lengthOf(bytes: Buffer, at: number): number {
    if (bytes.length - at < 2) return 2;
    const first = bytes[at] as number;
    const second = bytes[at + 1] as number;
    if (this.#isBroken(first, second)) return this.#fail(BROKEN);
    const short = second & ~MASKED;
    const head = headOf(short);
    if (bytes.length - at < head) return head;
    const length = payloadOf(bytes, at, short);
    const isControl = (first & CLOSE) !== 0;
    const before = this.#fragments?.length ?? 0;
    if (!isControl && before + length > this.#limits.maxBytes) return this.#fail(TOO_LARGE);
    return head + MASK_LENGTH + length;
  }

  /** True for a frame that may not be here, whatever is in it. */
  #isBroken(first: number, second: number): boolean {
    const opcode = first & 0x0f;
    const isDeflated = (first & DEFLATED) !== 0;
    if ((first & RESERVED) !== 0 || (second & MASKED) === 0) return true;
    if (isDeflated && (!this.#limits.inflates || (opcode !== TEXT && opcode !== BINARY))) return true;
    if (opcode === CONTINUATION) return this.#kind === 0;
    if (opcode === TEXT || opcode === BINARY) return this.#kind !== 0;
    const isControl = opcode === CLOSE || opcode === PING || opcode === PONG;
    return !isControl || (first & FINAL) === 0 || (second & ~MASKED) > LONGEST_CONTROL;
  }

  #keep(rest: Buffer, needed: number): void {
    this.#unread = new Pile();
    this.#unread.add(rest); // A copy: the socket's own buffer is larger.
    this.#needed = needed;
  }

  #take(bytes: Buffer, at: number, length: number): void {
    const first = bytes[at] as number;
    const mask = at + headOf((bytes[at + 1] as number) & ~MASKED);
    const payload = bytes.subarray(mask + MASK_LENGTH, at + length);
    for (let each = 0; each < payload.length; each += 1) {
      payload[each] = (payload[each] as number) ^ (bytes[mask + (each & 3)] as number);
    }
    const opcode = first & 0x0f;
    if (opcode === PING) return this.#events.ping(payload);
    if (opcode === PONG) return this.#events.pong();
    if (opcode === CLOSE) return this.#close(payload);
    if (opcode !== CONTINUATION) {
      this.#kind = opcode;
      this.#isDeflated = (first & DEFLATED) !== 0;
    }
    const isWhole = this.#fragments === undefined && (first & FINAL) !== 0;
    if (isWhole) return this.#finish(payload);
    this.#fragments ??= new Pile();
    this.#fragments.add(payload);
    if ((first & FINAL) !== 0) this.#finish(this.#fragments.bytes);
  }

  #finish(payload: Buffer): void {
    const isText = this.#kind === TEXT;
    const message = this.#isDeflated ? inflateMessage(payload, this.#limits.maxBytes) : payload;
    this.#kind = 0;
    this.#fragments = undefined;
    if (message === "broken") this.#fail(NOT_TEXT);
    else if (message === "large") this.#fail(TOO_LARGE);
    else if (isText && !isUtf8(message)) this.#fail(NOT_TEXT);
    else this.#events.message(message, isText);
  }

  #close(payload: Buffer): void {
    if (payload.length > 0 && !isCloseCode(payload)) this.#fail(BROKEN);
    else if (!isUtf8(payload.subarray(2))) this.#fail(NOT_TEXT);
    else this.#end(payload);
  }

  #fail(code: number): number {
    this.#end(closePayload(code, ""));
    return 0;
  }

  #end(payload: Buffer): void {
    this.#isOver = true;
    this.#unread = undefined;
    this.#fragments = undefined;
    this.#events.over(payload);
  }
}

/** Bytes that come in pieces, in one buffer of at most twice their length: many small pieces cost what a large one does. */
class Pile {
  length = 0;
  #bytes: Buffer = Buffer.alloc(0);

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.length);
  }

  add(piece: Buffer): void {
    const length = this.length + piece.length;
    if (length > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(length, this.length * 2)); // Not of a pool, which it would keep.
      larger.set(this.bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(piece, this.length);
    this.length = length;
  }
}

/** Where the mask of a frame is. */
function headOf(short: number): number {
  if (short < 126) return 2;
  return short === 126 ? 4 : 10;
}

/** How long the payload of the frame is. */
function payloadOf(bytes: Buffer, at: number, short: number): number {
  if (short < 126) return short;
  if (short === 126) return bytes.readUInt16BE(at + 2);
  return bytes.readUInt32BE(at + 2) * 2 ** 32 + bytes.readUInt32BE(at + 6);
}

/** True for codes that one side may send to the other. */
function isCloseCode(payload: Buffer): boolean {
  if (payload.length < 2) return false;
  const code = payload.readUInt16BE(0);
  if (code >= 3000) return code <= 4999;
  return code >= 1000 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006;
}
