import { isTopicName } from "./topic.ts";

/** Where a reader stands in one topic's log: everything up to and including offset `o` of epoch `e` is behind it. */
export interface Cursor {
  /** The log's epoch: ordered, in milliseconds of the engine's clock. A log that starts anew has a greater one. */
  readonly e: number;
  /** The offset inside the epoch; 0 stands before the first message. */
  readonly o: number;
}

/** Where a reader stands in each of its topics. */
export type CursorVector = ReadonlyMap<string, Cursor>;

/** The longest text of a vector, in characters, all of them ASCII. It rides in a header. */
export const MAX_VECTOR_LENGTH = 2048;

const ENTRY = /^([^=,]+)=([0-9a-z]{1,11})\.([0-9a-z]{1,11})$/;

/** Negative when `a` stands before `b`, positive when after, 0 when they are equal. */
export function compareCursors(a: Cursor, b: Cursor): number {
  return a.e - b.e || a.o - b.o;
}

/** One topic of a vector: `name=epoch.offset`, the name percent-encoded and the numbers in base 36. */
export function formatCursor(topic: string, cursor: Cursor): string {
  return `${encodeURIComponent(topic)}=${cursor.e.toString(36)}.${cursor.o.toString(36)}`;
}

/** The vector as the text of an SSE id: ASCII without spaces or line ends. Undefined when it would exceed 2 KB. */
export function formatVector(vector: CursorVector): string | undefined {
  let text = "";
  for (const [topic, cursor] of vector) text += (text === "" ? "" : ",") + formatCursor(topic, cursor);
  return text.length > MAX_VECTOR_LENGTH ? undefined : text;
}

/** Reads what {@link formatVector} wrote. Anything else, however hostile, gives undefined; "" gives an empty vector. */
export function parseVector(text: string): Map<string, Cursor> | undefined {
  const vector = new Map<string, Cursor>();
  if (text === "") return vector;
  if (text.length > MAX_VECTOR_LENGTH) return undefined;
  for (const part of text.split(",")) {
    const match = ENTRY.exec(part);
    if (!match) return undefined;
    const topic = decodeName(match[1] as string);
    const e = Number.parseInt(match[2] as string, 36);
    const o = Number.parseInt(match[3] as string, 36);
    if (topic === undefined || vector.has(topic) || !isCursor({ e, o })) return undefined;
    vector.set(topic, { e, o });
  }
  return vector;
}

/** True for a cursor that a log could have given. */
export function isCursor(value: unknown): value is Cursor {
  if (typeof value !== "object" || value === null) return false;
  const { e, o } = value as Partial<Record<"e" | "o", unknown>>;
  return isCount(e) && isCount(o);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function decodeName(encoded: string): string | undefined {
  try {
    const topic = decodeURIComponent(encoded);
    return isTopicName(topic) && encodeURIComponent(topic) === encoded ? topic : undefined;
  } catch {
    // A broken percent sequence: the text did not come from us.
    return undefined;
  }
}
