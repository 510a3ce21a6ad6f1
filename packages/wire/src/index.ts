export type { Codec, Payload } from "./codec.ts";
export {
  optionInvalid,
  TidewireError,
  type TidewireErrorCode,
  type TidewireErrorDetail,
  type TidewireErrorOptions,
} from "./error.ts";
