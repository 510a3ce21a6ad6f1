import { expect, test } from "vitest";
import { eventWords } from "./event-words.ts";

const owned = { transport: "sse", principal: "ann" };

test("events are said with whose line it was, why, and for how long", () => {
  expect(eventWords({ name: "tidewire.line.opened", ...owned })).toEqual({ what: "Line opened", more: "sse, ann" });
  expect(eventWords({ name: "tidewire.line.opened", transport: "sse", principal: undefined }).more).toBe("sse");
  const closed = { name: "tidewire.line.closed", ...owned, durationMs: 1500 } as const;
  expect(eventWords({ ...closed, code: undefined, reason: "" }).more).toBe(
    "sse, ann, after 1.5 s: the other side left",
  );
  expect(eventWords({ ...closed, code: 4401, reason: "revoked" }).more).toBe("sse, ann, after 1.5 s: 4401 revoked");
  expect(eventWords({ name: "tidewire.topic.left", topic: "chat", ...owned }).more).toBe("chat: sse, ann");
  expect(eventWords({ name: "tidewire.gap", topic: "chat", why: "slow", from: 3, to: 9 }).more).toBe(
    "chat, 3 to 9: slow",
  );
});
