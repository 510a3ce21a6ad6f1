import { optionInvalid } from "../error.ts";

/** One block of an event stream. Every field is optional; at least one must be given. */
export interface SseBlock {
  /** The event's type; readers default to "message". No CR, LF or NUL. Needs `data`. */
  readonly event?: string | undefined;
  /** The reader's new last event id; "" takes it away. No CR, LF or NUL. */
  readonly id?: string | undefined;
  /** Any text. CR, LF and CRLF each end a line; a reader gets every one of them back as LF. */
  readonly data?: string | undefined;
  /** The reader's base delay before it dials again, in whole milliseconds. */
  readonly retry?: number | undefined;
  /** Ignored by readers; keeps a line warm. */
  readonly comment?: string | undefined;
}

const LINE_END = /\r\n|\r|\n/;
const BREAKS_A_FIELD = /[\r\n\0]/;

/**
 * Writes one block of an event stream, ending in its blank line. No value can end its field early and smuggle in another.
 * Throws `option-invalid` for what an event stream cannot carry.
 */
export function encodeSse(block: SseBlock): string {
  const { comment, retry, event, id, data } = block;
  let text = "";
  if (comment !== undefined) text += lines(": ", comment);
  if (retry !== undefined) text += `retry: ${wholeMs(retry)}\n`;
  if (event !== undefined) {
    if (data === undefined) throw optionInvalid("An event needs `data`: without it readers drop it. Pass data: ''.");
    text += `event: ${oneLine("event", event)}\n`;
  }
  if (id !== undefined) text += `id: ${oneLine("id", id)}\n`;
  if (data !== undefined) text += lines("data: ", data);
  if (text === "") throw optionInvalid("Nothing to encode: give at least one of event, id, data, retry, comment.");
  return `${text}\n`;
}

function lines(field: string, value: string): string {
  // JSON, which is nearly all data, has no line ends: one look instead of a split.
  if (!value.includes("\n") && !value.includes("\r")) return `${field}${value}\n`;
  return value
    .split(LINE_END)
    .map((line) => `${field}${line}\n`)
    .join("");
}

function oneLine(field: "event" | "id", value: string): string {
  if (BREAKS_A_FIELD.test(value)) {
    throw optionInvalid(
      `\`${field}\` must not contain CR, LF or NUL: encode it first, for example with encodeURIComponent.`,
    );
  }
  return value;
}

function wholeMs(value: number): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw optionInvalid(`\`retry\` must be a whole number of milliseconds from 0 up, got ${value}.`);
}
