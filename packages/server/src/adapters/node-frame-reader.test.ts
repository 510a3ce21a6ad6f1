import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as ws from "ws";
import { type FrameEvents, FrameReader } from "./node-frame-reader.ts";

const MAX_BYTES = 70_000;

interface Frame {
  readonly first: number;
  readonly isMasked: boolean;
  readonly payload: Buffer;
  /** How its length is written, where it fits. */
  readonly lengthBytes: 0 | 2 | 8;
}

/** A frame as a client writes it. */
function encode({ first, isMasked, payload, lengthBytes }: Frame): Buffer {
  const { length } = payload;
  const bytes = length > 65_535 || lengthBytes === 8 ? 8 : length > 125 || lengthBytes === 2 ? 2 : 0;
  const head = Buffer.alloc(2 + bytes);
  head[0] = first;
  head[1] = (isMasked ? 0x80 : 0) | (bytes === 0 ? length : bytes === 2 ? 126 : 127);
  if (bytes === 2) head.writeUInt16BE(length, 2);
  if (bytes === 8) head.writeBigUInt64BE(BigInt(length), 2);
  const mask = Buffer.from([1, 2, 253, 254]);
  if (!isMasked) return Buffer.concat([head, payload]);
  return Buffer.concat([head, mask, payload.map((byte, at) => byte ^ (mask[at & 3] as number))]);
}

/** What became of bytes that arrive in these pieces. */
function readAll(pieces: readonly Buffer[], inflates = false): unknown[] {
  const seen: unknown[] = [];
  const events: FrameEvents = {
    message: (payload, isText) => seen.push(["message", payload.toString("latin1"), isText]),
    ping: (payload) => seen.push(["ping", payload.toString("latin1")]),
    pong: () => seen.push(["pong"]),
    over: (payload) => seen.push(["over", payload.length < 2 ? 1005 : payload.readUInt16BE(0)]),
  };
  const reader = new FrameReader(events, { maxBytes: MAX_BYTES, inflates });
  for (const piece of pieces) reader.read(Buffer.from(piece));
  return seen;
}

/** The same, as `ws` has it. Its types leave its receiver out. */
async function judged(bytes: Buffer): Promise<unknown[]> {
  const { Receiver } = ws as unknown as { Receiver: new (options: object) => NodeJS.WritableStream };
  const receiver = new Receiver({ isServer: true, maxPayload: MAX_BYTES });
  const seen: unknown[] = [];
  receiver.on("message", (payload: Buffer, isBinary: boolean) =>
    seen.push(["message", payload.toString("latin1"), !isBinary]),
  );
  receiver.on("ping", (payload: Buffer) => seen.push(["ping", payload.toString("latin1")]));
  receiver.on("pong", () => seen.push(["pong"]));
  receiver.on("conclude", (code: number) => seen.push(["over", code]));
  receiver.on("error", (error: Error) => {
    const [status] = Object.getOwnPropertySymbols(error).filter(({ description }) => description === "status-code");
    seen.push(["over", (error as unknown as Record<symbol, number>)[status as symbol]]);
  });
  receiver.write(Buffer.from(bytes));
  await new Promise((resolve) => setImmediate(resolve));
  return seen;
}

/** Cuts bytes at the given places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}

const text = (string: string) => Buffer.from(string);
const payload = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 60 }).map(text),
  fc.uint8Array({ maxLength: 130 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom(0, 125, 126, 65_535, 65_536, 70_000, 70_001).map((length) => Buffer.alloc(length, 0x61)),
);
const close = fc
  .tuple(fc.constantFrom(999, 1000, 1004, 1005, 1006, 1011, 1014, 1015, 2999, 3000, 4999, 5000), fc.string())
  .map(([code, why]) => Buffer.concat([Buffer.from([code >> 8, code & 255]), text(why)]));
/** Mostly frames that may be there. */
const first = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(0x81, 0x82, 0x01, 0x00, 0x80, 0x89, 0x8a) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 255 }) },
);
const frame: fc.Arbitrary<Frame> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record({
      first,
      isMasked: fc.integer({ min: 0, max: 50 }).map((n) => n > 0),
      payload,
      lengthBytes: fc.constantFrom(0 as const, 0 as const, 0 as const, 2 as const, 8 as const),
    }),
  },
  {
    weight: 1,
    arbitrary: close.map((some) => ({ first: 0x88, isMasked: true, payload: some, lengthBytes: 0 as const })),
  },
);

describe("frames of a client", () => {
  it("are read as by ws, cut anywhere", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(frame, { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        async (frames, places) => {
          const bytes = Buffer.concat(frames.map(encode));
          const expected = await judged(bytes);
          expect(readAll([bytes])).toEqual(expected);
          expect(readAll(cut(bytes, places))).toEqual(expected);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("are read byte by byte, and leave nothing behind", () => {
    const fragments = [0x01, 0x00, 0x89, 0x80].map((each, at) =>
      encode({ first: each, isMasked: true, payload: text(`é${at}`), lengthBytes: 0 }),
    );
    const bytes = Buffer.concat(fragments);
    const seen: string[] = [];
    const events = { message: (some: Buffer) => seen.push(String(some)), ping() {}, pong() {}, over() {} };
    const reader = new FrameReader(events as FrameEvents, { maxBytes: MAX_BYTES, inflates: false });
    for (const [at, byte] of bytes.entries()) {
      reader.read(Buffer.from([byte]));
      expect(reader.isIdle).toBe(at === bytes.length - 1);
    }
    expect(seen).toEqual(["é0é1é3"]);
  });

  it("that are too long are refused from the head", () => {
    const head = Buffer.from([0x81, 0xff, 0, 0, 0, 1, 0, 0, 0, 0]);
    expect(readAll([head])).toEqual([["over", 1009]]);
  });

  it("take time in proportion to their length, however small the pieces are", () => {
    const whole = Buffer.alloc(MAX_BYTES, 0x61);
    const bytes = encode({ first: 0x81, isMasked: true, payload: whole, lengthBytes: 0 });
    const pieces = Array.from(bytes, (byte) => Buffer.from([byte]));
    expect(readAll(pieces)).toEqual([["message", whole.toString(), true]]);
    const empty = encode({ first: 0x00, isMasked: true, payload: Buffer.alloc(0), lengthBytes: 0 });
    const open = encode({ first: 0x01, isMasked: true, payload: text("a"), lengthBytes: 0 });
    const last = encode({ first: 0x80, isMasked: true, payload: text("b"), lengthBytes: 0 });
    expect(readAll([open, Buffer.concat(Array(100_000).fill(empty)), last])).toEqual([["message", "ab", true]]);
  });

  it("are unpacked where that was agreed on, in one piece or several, and are refused where it was not", () => {
    const packed = deflateRawSync(text("pack me, pack me, pack me"));
    const pieces = [
      encode({ first: 0x41, isMasked: true, payload: packed.subarray(0, 5), lengthBytes: 0 }),
      encode({ first: 0x80, isMasked: true, payload: packed.subarray(5), lengthBytes: 0 }),
    ];
    expect(readAll(pieces, true)).toEqual([["message", "pack me, pack me, pack me", true]]);
    expect(readAll(pieces)).toEqual([["over", 1002]]);
    const bomb = deflateRawSync(Buffer.alloc(MAX_BYTES + 1, 0x61));
    expect(readAll([encode({ first: 0xc1, isMasked: true, payload: bomb, lengthBytes: 0 })], true)).toEqual([
      ["over", 1009],
    ]);
  });
});
