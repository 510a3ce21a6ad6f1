import { constants, deflateRawSync } from "node:zlib";

/** The end of what a reader was last given, as far as it serves as dictionary. Lines compare it by identity. */
export type Tail = Uint8Array;

/** Much less than zlib's own defaults: a batch is short, and what it takes to compress one is taken anew each time. */
const WINDOW = { windowBits: 13, memLevel: 6 };
/** Shorter texts are not worth deflating by themselves. */
export const SHORTEST_DEFLATED = 64;
const SHORTEST_TAIL = 32;
const LONGEST_TAIL = 2048;
/** Longer texts repeat themselves more than what came before them. */
const LONGEST_FOLLOWER = 8192;
/** Lines that come to one batch from more others than this are given it by itself. */
const MOST_PREDECESSORS = 3;
/** What zlib may add to a text that it can do nothing with. */
const OVERHEAD = 64;

/** Deflates a text so that it ends on a byte. The inflater needs nothing that came before it, but for `tail`. */
export function deflate(text: Uint8Array, tail: Tail | undefined): Buffer {
  if (tail === undefined && text.length < SHORTEST_DEFLATED) return stored(text);
  // Sized by the text: what zlib gives is a piece of this buffer and keeps it whole.
  const chunkSize = text.length + OVERHEAD;
  const dictionary = tail === undefined ? {} : { dictionary: tail };
  return deflateRawSync(text, { ...WINDOW, ...dictionary, chunkSize, finishFlush: constants.Z_SYNC_FLUSH });
}

/** A block of deflate that holds a text as it is. */
function stored(text: Uint8Array): Buffer {
  const block = Buffer.allocUnsafe(5 + text.length);
  block[0] = 0;
  block.writeUInt16LE(text.length, 1);
  block.writeUInt16LE(~text.length & 0xffff, 3);
  block.set(text, 5);
  return block;
}

/** What a text leaves in the memory of whoever inflated it: a copy, so that it keeps no batch alive. */
export function tailOf(text: Uint8Array): Tail | undefined {
  return text.length < SHORTEST_TAIL ? undefined : new Uint8Array(text.subarray(-LONGEST_TAIL));
}

/**
 * One batch, compressed when the first line takes it, once for all that were last given the same one: they have that in
 * their inflaters' memory already, which makes a small message less than half of what it is by itself.
 */
export class DeflatedBatch {
  readonly tail: Tail | undefined;
  readonly #length: number;
  readonly #compress: (tail: Tail | undefined) => Buffer;
  #alone: Buffer | undefined;
  readonly #after: Map<Tail, Buffer> = new Map();

  constructor(length: number, tail: Tail | undefined, compress: (tail: Tail | undefined) => Buffer) {
    this.#length = length;
    this.tail = tail;
    this.#compress = compress;
  }

  /** The batch for a line whose reader remembers `tail`. */
  after(tail: Tail | undefined): Buffer {
    if (tail !== undefined && this.tail !== undefined && this.#length <= LONGEST_FOLLOWER) {
      const known = this.#after.get(tail);
      if (known !== undefined) return known;
      if (this.#after.size < MOST_PREDECESSORS) {
        const made = this.#compress(tail);
        this.#after.set(tail, made);
        return made;
      }
    }
    this.#alone ??= this.#compress(undefined);
    return this.#alone;
  }
}

/** Batches by the bytes that lines share. They go when those do. */
export class DeflatedBatches<Batch extends DeflatedBatch> {
  readonly #batches: WeakMap<Uint8Array, Batch> = new WeakMap();
  readonly #make: (bytes: Uint8Array) => Batch;

  constructor(make: (bytes: Uint8Array) => Batch) {
    this.#make = make;
  }

  of(bytes: Uint8Array): Batch {
    let batch = this.#batches.get(bytes);
    if (batch === undefined) {
      batch = this.#make(bytes);
      this.#batches.set(bytes, batch);
    }
    return batch;
  }
}
