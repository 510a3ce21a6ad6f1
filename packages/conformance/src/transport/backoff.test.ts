import { sse, websocket } from "@tidewire/core";
import { describe, expect, it } from "vitest";
import { through } from "./line-faults.ts";
import { chunkedEvents, events, fin, status, webSocket } from "./replies.ts";
import { type Row, runTable } from "./row.ts";
import type { Reply } from "./scripted-server.ts";

const DIALS = 30;
/** What a client that is told to be back at once spends on so many dials at least. */
const LEAST_MS = 10_000;

/** A server that sends every client away at once, and asks it to be back just as fast; in the end it says no. */
function sentAway(kind: "http" | "ws", title: string, reply: Reply, round: Row["statuses"]): Row {
  const no = kind === "http" ? status(404) : webSocket((peer) => peer.close(4400));
  return {
    title,
    dial: (server) => (kind === "http" ? sse(server.http) : websocket(server.ws)),
    script: (_request, index) => (index < DIALS ? reply : no),
    behaviour: { random: () => 0.999 },
    statuses: [...Array.from({ length: DIALS }, () => round).flat(), ...round.slice(0, -1), "failed"],
    requests: DIALS + 1,
    code: kind === "http" ? "http-status" : "closed-by-server",
    also({ handle }) {
      expect(handle.waits[0]).toBeLessThan(1000);
      expect(handle.waits.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(LEAST_MS);
    },
  };
}

describe("a server that sends everybody away at once is not hammered, though it asks for it", () => {
  const refused = ["connecting", "waiting"] as const;
  const past = { "retry-after": "Wed, 21 Oct 2015 07:28:00 GMT" };
  const opened = ["connecting", "open", "waiting"] as const;
  runTable([
    sentAway("http", "by Retry-After: 0", status(503, { "retry-after": "0" }), refused),
    sentAway("http", "by a Retry-After in the past", status(503, past), refused),
    sentAway(
      "ws",
      "by close 4600",
      webSocket((peer) => peer.close(4600)),
      opened,
    ),
    sentAway(
      "ws",
      "by a close that says retry-after: 0",
      webSocket((peer) => peer.close(1013, "retry-after: 0")),
      opened,
    ),
    {
      ...sentAway("http", "by retry: 0", events("retry: 0\n\n", fin), opened),
      // It was open: that it is gone now is its last word only where it says so.
      behaviour: { random: () => 0.999, verdict: ({ error }) => (error?.detail.status === 404 ? "final" : undefined) },
      statuses: [...Array.from({ length: DIALS }, () => opened).flat(), "connecting", "failed"],
    },
  ]);
});

describe("what counts as being back", () => {
  const wait = { random: () => 0.999 };
  const longest = (waits: readonly number[]): number => Math.max(...waits);

  runTable([
    {
      title: "an id that moved is progress, however short the line was: waits do not grow",
      dial: (server) => sse(server.http),
      script: (_request, index) => (index < DIALS ? events(`id: ${index}\ndata: ${index}\n\n`, fin) : status(204)),
      behaviour: wait,
      statuses: [
        ...Array.from({ length: DIALS }, () => ["connecting", "open", "waiting"] as const).flat(),
        "connecting",
        "closed",
      ],
      messages: Array.from({ length: DIALS }, (_, index) => index),
      requests: DIALS + 1,
      also: ({ handle }) => expect(longest(handle.waits)).toBeLessThan(1000),
    },
  ]);

  it("ten seconds of health are: the next wait is a first one", async () => {
    const down = Array.from({ length: 10 }, () => status(503));
    const open = chunkedEvents(": here\n\n");
    const { proxy, handle } = await through([...down, open, open], "sse", wait);
    await handle.until("open");
    expect(handle.waits.at(-1)).toBeGreaterThan(5000);
    handle.clock.advance(9_999);
    proxy.reset();
    await handle.until("waiting");
    expect(handle.waits.at(-1)).toBeGreaterThan(5000);
    await handle.until("open");
    handle.clock.advance(10_000);
    proxy.reset();
    await handle.until("waiting");
    expect(handle.waits.at(-1)).toBeLessThan(1000);
  });
});
