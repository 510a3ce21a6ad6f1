import {
  checkFrame,
  isCount,
  isDuration,
  isGiven,
  isText,
  type Kinds,
  oneOf,
  optional,
  parseBatch,
} from "./frame-check.ts";
import type { DownFrame, MessageFrame } from "./frames.ts";
import { isTopicName } from "./topic.ts";

const isName = isText(256);
const isMessage = isText(4096);
const isWhy = isText(64);

const KINDS: Kinds = new Map([
  [
    "welcome",
    [
      ["v", isCount],
      ["sid", isName],
      ["gen", isCount],
      ["node", isName],
      ["ping", isDuration],
      ["ack", isCount],
      ["max", isCount],
      ["exp", optional(isDuration)],
    ],
  ],
  [
    "sub",
    [
      ["id", optional(isCount)],
      ["t", isTopicName],
      ["a", isCount],
      ["e", isCount],
      ["o", isCount],
      ["mode", oneOf("fresh", "resumed")],
    ],
  ],
  [
    "live",
    [
      ["t", isTopicName],
      ["o", isCount],
    ],
  ],
  [
    "gap",
    [
      ["t", isTopicName],
      ["e", isCount],
      ["from", isCount],
      ["to", isCount],
      ["why", isWhy],
    ],
  ],
  [
    "end",
    [
      ["t", isTopicName],
      ["code", isCount],
      ["msg", isMessage],
    ],
  ],
  ["ack", [["n", isCount]]],
  ["ok", [["id", isCount]]],
  [
    "err",
    [
      ["id", optional(isCount)],
      ["n", optional(isCount)],
      ["code", isCount],
      ["msg", isMessage],
      ["after", optional(isDuration)],
      ["reason", optional(isMessage)],
    ],
  ],
  ["ping", [["ts", isCount]]],
  ["exp", [["in", isDuration]]],
  [
    "move",
    [
      ["after", isDuration],
      ["url", optional(isMessage)],
      ["why", isWhy],
    ],
  ],
  [
    "bye",
    [
      ["code", isCount],
      ["msg", isMessage],
      ["after", optional(isDuration)],
    ],
  ],
]);

/** The frames of a batch from a hub, kinds that are not known left out. Undefined for what is no batch; it never throws. */
export function decodeDown(text: string): (MessageFrame | DownFrame)[] | undefined {
  const values = parseBatch(text);
  if (!values) return undefined;
  let isClean = true;
  for (const value of values) {
    // Messages first: nearly every frame is one.
    const isFrame = Array.isArray(value) ? isMessageFrame(value) : checkFrame(value, KINDS);
    if (isFrame === false) return undefined;
    if (isFrame === undefined) isClean = false;
  }
  const frames = isClean ? values : values.filter((value) => Array.isArray(value) || checkFrame(value, KINDS));
  return frames as (MessageFrame | DownFrame)[];
}

function isMessageFrame(value: readonly unknown[]): boolean {
  const [a, o, p, d] = value;
  return isCount(a) && isCount(o) && isCount(p) && (p as number) < (o as number) && isGiven(d);
}
