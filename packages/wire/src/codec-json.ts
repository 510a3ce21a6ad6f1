import { DEV } from "#dev";
import type { Codec, Payload } from "./codec.ts";
import { TidewireError } from "./error.ts";

/** JSON, the default. Decoding throws the parser's own SyntaxError, encoding `message-invalid`. */
export const json: Codec<unknown, unknown> = {
  decode: decodeJson,
  encode: encodeJson,
};

/** Text as it is. */
export const text: Codec<string, string> = {
  decode: asText,
  encode(value) {
    if (typeof value === "string") return value;
    throw new TidewireError(
      "message-invalid",
      DEV && `The text codec sends strings, got ${typeof value}: use the json codec.`,
    );
  },
};

/** `JSON.parse` of text or of bytes. */
export function decodeJson(payload: Payload): unknown {
  return JSON.parse(asText(payload));
}

/** `JSON.stringify`, except that what would vanish or be refused is said. Throws `message-invalid`. */
export function encodeJson(value: unknown): string {
  let encoded: string | undefined;
  let cause: unknown;
  try {
    encoded = JSON.stringify(value);
  } catch (thrown) {
    cause = thrown;
  }
  if (encoded !== undefined) return encoded;
  throw new TidewireError("message-invalid", DEV && `JSON cannot say this ${typeof value}.`, { cause });
}

function asText(payload: Payload): string {
  // A Blob cannot be read at once: the decoder's own TypeError says that it wants an ArrayBuffer.
  return typeof payload === "string" ? payload : new TextDecoder().decode(payload as ArrayBuffer);
}
