export { DEV } from "#dev";
export { decodeDown } from "./batch-down.ts";
export { decodeUp, decodeUpRequest } from "./batch-up.ts";
export { type AfterClose, afterClose, CloseCode } from "./close-code.ts";
export type { Codec, Payload } from "./codec.ts";
export { type Binary, binary } from "./codec-binary.ts";
export { decodeJson, encodeJson, json, text } from "./codec-json.ts";
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
export { encodeBatch } from "./frame-check.ts";
export {
  type DownFrame,
  type From,
  type GapWhy,
  type HelloFrame,
  type MessageFrame,
  type NumberedFrame,
  SUBPROTOCOL,
  type Sub,
  type UpFrame,
  type UpRequest,
  type UpResponse,
  type WelcomeFrame,
} from "./frames.ts";
export { isRefusal, type Refusal, refusal } from "./refusal.ts";
export { createSseDecoder, type SseDecoder, type SseDecoderOptions } from "./sse/decode.ts";
export { encodeSse, type SseBlock } from "./sse/encode.ts";
export { isTopicName, MAX_TOPIC_LENGTH } from "./topic.ts";
