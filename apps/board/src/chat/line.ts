import { newId } from "../id.ts";

/** One line of the chat. Its writer gives the id, so that a line sent twice is still one line. */
export interface ChatLine {
  readonly id: string;
  readonly from: string;
  readonly text: string;
  /** Milliseconds since 1970: the feed's clock, or the writer's until the feed has it. */
  readonly at: number;
}

/** How long a name may be, in characters. */
export const NAME_LENGTH = 32;

/** How long a line may be, in characters. */
export const TEXT_LENGTH = 500;

/** How many lines a page that opens is given. */
export const CHAT_HISTORY = 100;

/** Writes a line. */
export function chatLine(from: string, text: string): ChatLine {
  return {
    id: newId(),
    from: from.trim().slice(0, NAME_LENGTH) || "Somebody",
    text: text.trim().slice(0, TEXT_LENGTH),
    at: Date.now(),
  };
}

/** The line in a value from outside, without anything else that was in it; undefined when there is none. */
export function asChatLine(value: unknown): ChatLine | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { id, from, text, at } = value as { readonly [field: string]: unknown };
  if (!isText(id, 64) || !isText(from, NAME_LENGTH) || !isText(text, TEXT_LENGTH)) return undefined;
  if (typeof at !== "number" || !Number.isFinite(at)) return undefined;
  return { id, from, text, at };
}

const isText = (value: unknown, longest: number): value is string =>
  typeof value === "string" && value.length <= longest && value.trim() !== "";
