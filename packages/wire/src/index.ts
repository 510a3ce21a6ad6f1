export type { Codec, Payload } from "./codec.ts";
export { encodeJson, json, text } from "./codec-json.ts";
export {
  type Cursor,
  type CursorVector,
  compareCursors,
  formatCursor,
  formatVector,
  isCursor,
  MAX_VECTOR_LENGTH,
  parseVector,
} from "./cursor.ts";
export {
  optionInvalid,
  TidewireError,
  type TidewireErrorCode,
  type TidewireErrorDetail,
  type TidewireErrorOptions,
} from "./error.ts";
export { createSseDecoder, type SseDecoder, type SseDecoderOptions } from "./sse/decode.ts";
export { encodeSse, type SseBlock } from "./sse/encode.ts";
export { isTopicName, MAX_TOPIC_LENGTH } from "./topic.ts";
