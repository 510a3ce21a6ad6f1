import type { Codec, Payload } from "./codec.ts";
import { TidewireError } from "./error.ts";

/** JSON, the default. Throws `message-invalid` for what JSON cannot say. */
export const json: Codec<unknown, unknown> = {
  decode(payload) {
    const text = asText(payload);
    try {
      return JSON.parse(text);
    } catch (cause) {
      const sample = text.slice(0, 200);
      throw new TidewireError("message-invalid", `Not JSON: ${(cause as Error).message}`, {
        detail: { sample },
        cause,
      });
    }
  },
  encode(value) {
    return encodeJson(value);
  },
};

/** Text as it is. */
export const text: Codec<string, string> = {
  decode: asText,
  encode(value) {
    if (typeof value === "string") return value;
    throw new TidewireError(
      "message-invalid",
      `The text codec sends strings, got ${typeof value}: use the json codec.`,
    );
  },
};

/** `JSON.stringify`, except that what would vanish or be refused is said. Throws `message-invalid`. */
export function encodeJson(value: unknown): string {
  let encoded: string | undefined;
  try {
    encoded = JSON.stringify(value);
  } catch (cause) {
    throw new TidewireError("message-invalid", `JSON cannot say this value: ${(cause as Error).message}`, { cause });
  }
  if (encoded !== undefined) return encoded;
  throw new TidewireError("message-invalid", `JSON has no ${typeof value}: send null, or leave the message out.`);
}

function asText(payload: Payload): string {
  if (typeof payload === "string") return payload;
  if (ArrayBuffer.isView(payload) || payload instanceof ArrayBuffer) return new TextDecoder().decode(payload);
  throw new TidewireError("message-invalid", "A Blob cannot be read at once: ask the WebSocket for arraybuffer.");
}
