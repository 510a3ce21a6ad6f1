import {
  checkFrame,
  fieldsOf,
  isCount,
  isDuration,
  isGiven,
  isText,
  type Kinds,
  optional,
  parseBatch,
} from "./frame-check.ts";
import type { Sub, UpFrame, UpRequest } from "./frames.ts";
import { isTopicName } from "./topic.ts";

/** The most topics of one hello that are read at all; a hub's own limit is lower. */
const MAX_SUBS = 10_000;
const isName = isText(256);
const isToken = isText(16_384);

const place = [
  ["e", optional(isCount)],
  ["o", optional(isCount)],
  ["from", optional((value) => value === "now" || value === "earliest" || isCount(value))],
] as const;

const KINDS: Kinds = new Map([
  [
    "hello",
    [
      ["v", isCount],
      ["sid", optional(isName)],
      ["gen", isCount],
      ["n", optional((value) => isCount(value) && value !== 0)],
      ["token", optional(isToken)],
      ["subs", (value) => Array.isArray(value) && value.length <= MAX_SUBS && value.every(isSub)],
      ["ping", optional(isDuration)],
      ["wait", optional(isDuration)],
    ],
  ],
  ["sub", [["id", isCount]]], // the rest of it is judged by isSub, as in a hello
  [
    "unsub",
    [
      ["id", isCount],
      ["t", isTopicName],
    ],
  ],
  [
    "pub",
    [
      ["n", isCount],
      ["t", isTopicName],
      ["d", isGiven],
    ],
  ],
  [
    "call",
    [
      ["n", isCount],
      ["id", isCount],
      ["m", isName],
      ["d", isGiven],
    ],
  ],
  [
    "auth",
    [
      ["id", isCount],
      ["token", isToken],
    ],
  ],
  ["pong", [["ts", isCount]]],
  [
    "switch",
    [
      ["gen", isCount],
      ["n", optional(isCount)],
    ],
  ],
  ["bye", [["code", isCount]]],
]);

function isSub(value: unknown): value is Sub {
  const fields = fieldsOf(value);
  if (!fields || !isTopicName(fields["t"])) return false;
  const hasWholeCursor = (fields["e"] === undefined) === (fields["o"] === undefined);
  return hasWholeCursor && place.every(([field, check]) => check(fields[field]));
}

/** The frames of a batch from a client, kinds that are not known left out. Undefined means 4400; it never throws. */
export function decodeUp(text: string): UpFrame[] | undefined {
  return known(parseBatch(text));
}

/** The body of a POST to `up`. Undefined means 4400; it never throws. */
export function decodeUpRequest(text: string): UpRequest | undefined {
  const fields = fieldsOf(parseBatch(text)?.[0]);
  if (!fields || !isName(fields["sid"]) || !isCount(fields["gen"]) || !isCount(fields["n"])) return undefined;
  if (!Array.isArray(fields["frames"]) || !optional(isToken)(fields["token"])) return undefined;
  const frames = known(fields["frames"]);
  return frames && ({ ...fields, frames } as unknown as UpRequest);
}

function known(values: readonly unknown[] | undefined): UpFrame[] | undefined {
  const frames: UpFrame[] = [];
  for (const value of values ?? []) {
    const isFrame = checkFrame(value, KINDS);
    if (isFrame === false) return undefined;
    if (isFrame && (fieldsOf(value)?.["k"] !== "sub" || isSub(value))) frames.push(value as UpFrame);
    else if (isFrame) return undefined;
  }
  return values && frames;
}
