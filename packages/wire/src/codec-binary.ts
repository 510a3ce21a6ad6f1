import type { Codec } from "./codec.ts";
import { TidewireError } from "./error.ts";

/** What {@link binary} carries: bytes both ways, and Blobs where the WebSocket was asked for them. */
export type Binary = ArrayBuffer | ArrayBufferView<ArrayBuffer> | Blob;

/** Bytes as they are, with no decoding. Text that comes among them is `message-invalid`. */
export const binary: Codec<Binary, Binary> = {
  decode: (payload) => asBinary(payload as Binary),
  encode: asBinary,
};

function asBinary(value: Binary): Binary {
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value) || value instanceof Blob) return value;
  throw new TidewireError("message-invalid", `The binary codec carries bytes, got ${typeof value}: use text or json.`);
}
