import type { IncomingMessage } from "node:http";
import { constants, inflateRawSync } from "node:zlib";
import { DeflatedBatch, DeflatedBatches, deflate, SHORTEST_DEFLATED, type Tail, tailOf } from "./node-deflate.ts";
import { frameDeflated, payloadsOf } from "./websocket-frame.ts";

/** What a flush ends with, and a message leaves out. */
const FLUSH = Buffer.from([0, 0, 0xff, 0xff]);
/** An inflater makes room in steps of this many bytes. */
const STEP_BYTES = 4096;

/**
 * How an upgrade is compressed: not at all; each message by itself, which a client may ask for; or with what the client was
 * last given as dictionary.
 */
export type Offer = "none" | "apart" | "together";

/** What a client offers. Where it wants a smaller window than shared messages have, it is given none. */
export function offerOf(request: IncomingMessage): Offer {
  const offered = request.headers["sec-websocket-extensions"] ?? "";
  if (!/\bpermessage-deflate\b/.test(offered) || offered.includes("server_max_window_bits")) return "none";
  return offered.includes("server_no_context_takeover") ? "apart" : "together";
}

/** The answer to an offer. What comes up is compressed message by message: no inflater has to outlive one. */
export function answerTo(offer: Offer): string | undefined {
  if (offer === "none") return undefined;
  return `permessage-deflate; client_no_context_takeover${offer === "apart" ? "; server_no_context_takeover" : ""}`;
}

/** Unpacks one message that a client sent, unless it is broken or has more than so many bytes. */
export function inflateMessage(payload: Buffer, maxBytes: number): Buffer | "broken" | "large" {
  const whole = Buffer.concat([payload, FLUSH]);
  try {
    const finishFlush = constants.Z_SYNC_FLUSH;
    return inflateRawSync(whole, { finishFlush, chunkSize: STEP_BYTES, maxOutputLength: maxBytes });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE" ? "large" : "broken";
  }
}

const TOGETHER = new DeflatedBatches(together);
const APART = new DeflatedBatches(apart);

/** What one line writes: the frames that all lines share, compressed once for all of them. */
export class DeflatedFrames {
  readonly #batches: DeflatedBatches<DeflatedBatch>;
  #tail: Tail | undefined;

  constructor(offer: "apart" | "together") {
    this.#batches = offer === "together" ? TOGETHER : APART;
  }

  /** `frames` is shared with other lines. */
  pack(frames: Uint8Array): Buffer {
    const batch = this.#batches.of(frames);
    const packed = batch.after(this.#tail);
    this.#tail = batch.tail ?? this.#tail; // What went as it is has not passed the inflater.
    return packed;
  }
}

/** Each message remembers those before it in its batch, and what the line was given before that. */
function together(frames: Uint8Array): DeflatedBatch {
  const payloads = payloadsOf(frames);
  const longEnough = payloads.filter(({ length }) => length >= SHORTEST_DEFLATED);
  return new DeflatedBatch(frames.length, tailOf(Buffer.concat(longEnough)), (before) => {
    let tail = before;
    return frameDeflated(
      payloads.map((payload) => {
        if (payload.length < SHORTEST_DEFLATED) return { payload, isDeflated: false };
        const deflated = message(payload, tail);
        tail = tailOf(tail === undefined ? payload : Buffer.concat([tail, payload]));
        return { payload: deflated, isDeflated: true };
      }),
    );
  });
}

/** Each message by itself, and only where that makes it shorter. */
function apart(frames: Uint8Array): DeflatedBatch {
  return new DeflatedBatch(frames.length, undefined, () =>
    frameDeflated(
      payloadsOf(frames).map((payload) => {
        const deflated = payload.length < SHORTEST_DEFLATED ? payload : message(payload, undefined);
        const isDeflated = deflated.length < payload.length;
        return { payload: isDeflated ? deflated : payload, isDeflated };
      }),
    ),
  );
}

function message(payload: Uint8Array, tail: Tail | undefined): Uint8Array {
  return deflate(payload, tail).subarray(0, -FLUSH.length);
}
