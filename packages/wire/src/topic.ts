// Cc: control characters. Cs: half of a surrogate pair, which has no UTF-8.
const FORBIDDEN = /[\p{Cc}\p{Cs}]/u;

/** The most characters of a topic's name. */
export const MAX_TOPIC_LENGTH = 255;

/** True for what may name a topic: 1 to 255 characters, none of them a control character or half of a surrogate pair. */
export function isTopicName(value: unknown): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= MAX_TOPIC_LENGTH && !FORBIDDEN.test(value);
}
