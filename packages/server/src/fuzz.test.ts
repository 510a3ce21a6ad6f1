import { once } from "node:events";
import net from "node:net";
import { decodeUp, decodeUpRequest, parseVector } from "@tidewire/wire";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Served, serveHub } from "./adapters/node.fixture.ts";
import { parsePlainRequest } from "./plain/request.ts";
import { dialTidewire } from "./session/peer.fixture.ts";

/** Time-boxed: a slow machine tries fewer. */
const BOX = { numRuns: 2000, interruptAfterTimeLimit: 2000, markInterruptAsFailure: false };
const LIVE = { numRuns: 150, interruptAfterTimeLimit: 5000, markInterruptAsFailure: false };

/** Values that look like frames and are not quite. */
const nearlyFrame = fc.record(
  {
    k: fc.constantFrom("hello", "sub", "unsub", "pub", "call", "auth", "pong", "switch", "bye", "", "msg", "__proto__"),
    v: fc.oneof(fc.constant(1), fc.anything()),
    gen: fc.oneof(fc.nat(), fc.double(), fc.anything()),
    sid: fc.oneof(fc.string(), fc.anything()),
    n: fc.oneof(fc.maxSafeInteger(), fc.anything()),
    id: fc.oneof(fc.nat(), fc.anything()),
    t: fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("a", "__proto__")),
    e: fc.oneof(fc.maxSafeInteger(), fc.anything()),
    o: fc.oneof(fc.maxSafeInteger(), fc.anything()),
    d: fc.anything(),
    m: fc.string(),
    token: fc.oneof(fc.string(), fc.anything()),
    subs: fc.oneof(
      fc.array(fc.record({ t: fc.string(), e: fc.maxSafeInteger(), o: fc.maxSafeInteger() }, { requiredKeys: [] })),
      fc.anything(),
    ),
    frames: fc.anything(),
  },
  { requiredKeys: ["k"] },
);
const written = fc.oneof(nearlyFrame, fc.anything(), fc.json()).map((value) => safely(value));
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(written, { maxLength: 5 }).map((lines) => lines.join("\n")),
);

function safely(value: unknown): string {
  try {
    return (typeof value === "string" ? value : JSON.stringify(value)) ?? "";
  } catch {
    return "{"; // A bigint has no word in JSON.
  }
}

describe("parsers of what comes from the network", () => {
  it("decodeUp gives frames that were checked, or undefined", () => {
    fc.assert(
      fc.property(text, (given) => {
        for (const frame of decodeUp(given) ?? []) expect(frame).toHaveProperty("k");
      }),
      BOX,
    );
  });

  it("decodeUpRequest gives a request whose fields were checked, or undefined", () => {
    const body = fc.oneof(
      text,
      fc.record({ sid: fc.string(), gen: fc.nat(), n: fc.nat(), frames: fc.anything() }).map(safely),
    );
    fc.assert(
      fc.property(body, (given) => {
        const request = decodeUpRequest(given);
        if (request)
          expect([typeof request.sid, typeof request.n, Array.isArray(request.frames)]).toEqual([
            "string",
            "number",
            true,
          ]);
      }),
      BOX,
    );
  });

  it("parseVector gives cursors of whole numbers, or undefined", () => {
    const nearly = fc
      .array(fc.tuple(fc.string(), fc.string(), fc.string()))
      .map((parts) => parts.map(([t, e, o]) => `${t}=${e}.${o}`).join(","));
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), nearly), (given) => {
        for (const { e, o } of parseVector(given)?.values() ?? []) {
          expect(Number.isSafeInteger(e) && Number.isSafeInteger(o) && e >= 0 && o >= 0).toBe(true);
        }
      }),
      BOX,
    );
  });

  it("a plain query gives a request within its limits, or a refusal with a status", () => {
    const query = fc.array(
      fc.tuple(fc.constantFrom("topic", "from", "lastEventId", "x"), fc.string({ unit: "binary" })),
    );
    fc.assert(
      fc.property(query, fc.option(fc.string(), { nil: undefined }), (pairs, id) => {
        const asked = parsePlainRequest(new URLSearchParams(pairs as [string, string][]), id, 5);
        if ("status" in asked) expect(asked.status).toBe(400);
        else expect(asked.topics.length).toBeLessThanOrEqual(5);
      }),
      BOX,
    );
  });
});

describe("a live hub that is fed at random", () => {
  const serve = async () => {
    const errors: unknown[] = [];
    const served = await serveHub({ onError: (error) => errors.push(error), maxInboundPerSecond: 1e6, maxTopics: 50 });
    served.hub.topic("a", { clientPublish: true });
    served.hub.onCall("m", (data) => data);
    return { ...served, errors };
  };
  /** Alive, with nothing of what was thrown at it left. */
  const isWell = async ({ hub, ws }: Served) => {
    await expect.poll(() => hub.stats().lines, { timeout: 10_000 }).toBe(0);
    expect(hub.stats().topics).toBeLessThanOrEqual(50);
    const line = await dialTidewire(ws);
    line.hello({ subs: [{ t: "a" }] });
    await line.find((frame) => frame.k === "live");
    await hub.publish("a", "well");
    expect(await line.data(1)).toEqual(["well"]);
  };

  it("with texts over WebSocket goes on, and lets every line go", async () => {
    const served = await serve();
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 5 }), fc.boolean(), async (texts, isGreeted) => {
        const line = await dialTidewire(served.ws);
        if (isGreeted) line.hello({ subs: [{ t: "a" }] });
        for (const each of texts) line.peer.send(each);
        line.peer.close();
        await line.closed;
      }),
      LIVE,
    );
    await isWell(served);
    expect(served.errors.filter((error) => error instanceof TypeError || error instanceof RangeError)).toEqual([]);
  }, 30_000);

  it("with bytes after the upgrade goes on, and lets every line go", async () => {
    const served = await serve();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 3000 }), async (bytes) => {
        const socket = net.connect(served.port, "127.0.0.1");
        socket.on("error", () => {});
        socket.write(
          "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" +
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: tidewire.v1\r\n\r\n",
        );
        await once(socket, "data");
        socket.write(bytes, () => socket.resetAndDestroy());
        await once(socket, "close");
      }),
      LIVE,
    );
    await isWell(served);
  }, 30_000);

  it("with bodies and queries over HTTP answers each of them, and never with 500", async () => {
    const served = await serve();
    const statuses = new Set<number>();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("/", "/up", "/poll"),
        text,
        fc.webQueryParameters(),
        async (path, body, query) => {
          const abort = new AbortController();
          const { signal } = abort;
          for (const ask of [
            fetch(`${served.http}${path}`, { method: "POST", body, signal }),
            fetch(`${served.http}${path}?topic=a&${query}`, { signal, headers: { "last-event-id": query } }),
          ]) {
            statuses.add((await ask).status);
          }
          abort.abort();
        },
      ),
      LIVE,
    );
    expect([...statuses].filter((status) => status >= 500 && status !== 503)).toEqual([]);
    await isWell(served);
  }, 30_000);
});
