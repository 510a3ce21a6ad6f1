import { createHub } from "@tidewire/server";
import { expect, onTestFinished, test } from "vitest";
import { figuresOf } from "./figures.ts";

test("figures have their units, and lines that nobody reads yet are counted apart", () => {
  const hub = createHub();
  onTestFinished(() => hub.close());
  const idle = hub.stats();
  const stats = { ...idle, lines: 1234, linesBy: { websocket: 1000, sse: 230 }, bytesWritten: 1_234_567 };
  expect(figuresOf({ at: 0, stats, perSecond: { ...idle, linesOpened: 12.34, bytesWritten: 999 } })).toMatchObject({
    lines: "1,234",
    websocket: "1,000",
    sse: "230",
    poll: "0",
    unread: "4",
    bytesWritten: "1.2 MB",
    "linesOpened/s": "12.3",
    "bytesWritten/s": "999 B/s",
  });
});
