import { crc32 } from "node:zlib";
import { crcShift, joinCrc } from "./crc32.ts";
import { frameChunk } from "./http-chunk.ts";
import { DeflatedBatch, DeflatedBatches, deflate, type Tail, tailOf } from "./node-deflate.ts";

/** Deflate, without a name, a time or a system. */
const HEAD = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
/** An empty last block of deflate. */
const LAST_BLOCK = Buffer.from([0x03, 0x00]);

/** One batch of text as a piece of any gzip stream. */
class GzipBatch extends DeflatedBatch {
  readonly crc: number;
  readonly shift: number;
  readonly size: number;

  constructor(text: Uint8Array, frame: (bytes: Buffer) => Buffer) {
    super(text.length, tailOf(text), (tail) => frame(deflate(text, tail)));
    this.crc = crc32(text);
    this.shift = crcShift(text.length);
    this.size = text.length;
  }
}

const CHUNKED = new DeflatedBatches((text) => new GzipBatch(text, frameChunk));
const UNFRAMED = new DeflatedBatches((text) => new GzipBatch(text, (bytes) => bytes));

/**
 * The body of one line as one gzip stream, made of pieces that all lines share: the line itself has a checksum and knows
 * what its reader was last given, but no zlib.
 */
export class GzipBody {
  readonly #batches: DeflatedBatches<GzipBatch>;
  #tail: Tail | undefined;
  #crc = 0;
  #size = 0;

  /** `isChunked`: what `pack` gives is framed as a chunk of HTTP/1.1. */
  constructor(isChunked: boolean) {
    this.#batches = isChunked ? CHUNKED : UNFRAMED;
  }

  /** How the body begins, with the first text of the line's own. Not framed. */
  open(text: string): Buffer {
    const bytes = Buffer.from(text);
    this.#add(crc32(bytes), crcShift(bytes.length), bytes.length);
    return Buffer.concat([HEAD, deflate(bytes, undefined)]);
  }

  /** What follows: `text` is shared with other lines. */
  pack(text: Uint8Array): Buffer {
    const batch = this.#batches.of(text);
    this.#add(batch.crc, batch.shift, batch.size);
    const piece = batch.after(this.#tail);
    this.#tail = batch.tail;
    return piece;
  }

  /** How the body ends. Not framed. */
  end(): Buffer {
    const trailer = Buffer.allocUnsafe(8);
    trailer.writeUInt32LE(this.#crc, 0);
    trailer.writeUInt32LE(this.#size, 4);
    return Buffer.concat([LAST_BLOCK, trailer]);
  }

  #add(crc: number, shift: number, size: number): void {
    this.#crc = joinCrc(this.#crc, shift, crc);
    this.#size = (this.#size + size) >>> 0;
  }
}
