import { type CursorVector, isTopicName, MAX_VECTOR_LENGTH, parseVector } from "@tidewire/wire";
import type { StartFrom } from "../log/topic.ts";

/** What a plain EventSource or WebSocket asks for in its address. */
export interface PlainRequest {
  readonly topics: readonly string[];
  /** Where a first visit starts. */
  readonly from: StartFrom;
  /** Where an earlier line ended. */
  readonly cursors: CursorVector;
}

/** An HTTP answer that says why not. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
}

/** Characters that one topic's cursor adds to its name in a vector. */
const CURSOR_LENGTH = 2 * 11 + 3;

const NOWHERE: CursorVector = new Map();

/** Reads `?topic=a&topic=b&from=earliest&lastEventId=…`. Hostile input gives a refusal, never an exception. */
export function parsePlainRequest(
  query: URLSearchParams,
  lastEventId: string | undefined,
  maxTopics: number,
): PlainRequest | Refusal {
  const named = query.getAll("topic");
  const topics = named.length > 1 ? [...new Set(named)] : named;
  if (topics.length === 0) return no("Name a topic: ?topic=a, or several: ?topic=a&topic=b");
  if (topics.length > maxTopics) return no(`At most ${maxTopics} topics fit on one line.`);
  if (!topics.every(isTopicName)) return no("A topic's name has 1 to 255 characters and no control characters.");
  const length = topics.reduce((sum, topic) => sum + encodeURIComponent(topic).length + CURSOR_LENGTH, 0);
  if (length > MAX_VECTOR_LENGTH) return no("These topics do not fit into one event id: open a second line.");
  const from = parseFrom(query.get("from") ?? "now");
  if (from === undefined) return no("`from` is now, earliest or a count of messages.");
  // An id that is not ours (from another server behind the same address, say) is no reason to turn a reader away.
  const id = lastEventId ?? query.get("lastEventId");
  const cursors = (id && parseVector(id)) || NOWHERE;
  return { topics, from, cursors };
}

function parseFrom(text: string): StartFrom | undefined {
  if (text === "now" || text === "earliest") return text;
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function no(message: string): Refusal {
  return { status: 400, message };
}
