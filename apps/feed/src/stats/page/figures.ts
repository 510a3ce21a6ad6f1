import type { Counters } from "@tidewire/server";
import { bytes, type Quantity, rate } from "board/format";
import type { Reading } from "../reading.ts";

type Figure =
  | "lines"
  | "topics"
  | "sessions"
  | "maxLag"
  | "websocket"
  | "sse"
  | "poll"
  | "unread"
  | keyof Counters
  | `${keyof Counters}/s`;

/** A reading in words, by the name of its place on the page. */
export function figuresOf({ stats, perSecond }: Reading): Readonly<Record<Figure, string>> {
  const { linesBy } = stats;
  const read = Object.values(linesBy).reduce((sum, lines) => sum + lines, 0);
  return {
    lines: count(stats.lines),
    topics: count(stats.topics),
    sessions: count(stats.sessions),
    maxLag: count(stats.maxLag),
    websocket: count(linesBy["websocket"] ?? 0),
    sse: count(linesBy["sse"] ?? 0),
    poll: count(linesBy["poll"] ?? 0),
    unread: count(stats.lines - read),
    linesOpened: count(stats.linesOpened),
    linesRefused: count(stats.linesRefused),
    linesLimited: count(stats.linesLimited),
    published: count(stats.published),
    gaps: count(stats.gaps),
    bytesWritten: quantity(bytes(stats.bytesWritten)),
    "linesOpened/s": pace(perSecond.linesOpened),
    "linesRefused/s": pace(perSecond.linesRefused),
    "linesLimited/s": pace(perSecond.linesLimited),
    "published/s": pace(perSecond.published),
    "gaps/s": pace(perSecond.gaps),
    "bytesWritten/s": quantity(rate(perSecond.bytesWritten)),
  };
}

const count = (value: number): string => value.toLocaleString("en");
const quantity = ({ value, unit }: Quantity): string => `${value} ${unit}`;
const pace = (value: number): string =>
  value.toLocaleString("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
