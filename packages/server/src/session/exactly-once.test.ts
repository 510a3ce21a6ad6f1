import { type Cursor, decodeDown, type HelloFrame } from "@tidewire/wire";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Engine, Entry, FeedEvents, LogPage } from "../engine.ts";
import { createHub, type Hub } from "../hub.ts";
import { memory } from "../memory.ts";
import { acceptHello } from "./accept.ts";
import type { AnyFrame } from "./peer.fixture.ts";
import { tidewireForm } from "./tidewire-form.ts";
import { TidewireLine } from "./tidewire-line.ts";

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const FORM = tidewireForm("in memory", {
  seal: (frames) => encoder.encode(frames.join("\n")),
  join: (sealed) => encoder.encode(sealed.map((bytes) => decoder.decode(bytes)).join("\n")),
});

/** An engine as nodes see it over a network: reads take a while, and what is fed may come late or not at all. */
function distant(engine: Engine) {
  const waiting: (() => void)[] = [];
  const nodeEngine = (): Engine => ({
    ...engine,
    read: async (...asked) => engine.read(...asked),
    tops: async (topics) => engine.tops(topics),
    feed: (events: FeedEvents) =>
      engine.feed({
        ...events,
        entry: (topic: string, entry: Entry) => void waiting.push(() => events.entry(topic, entry)),
      }),
    close() {},
  });
  return {
    nodeEngine,
    feedOne() {
      const next = waiting.shift();
      next?.();
      return next !== undefined;
    },
    loseOne: () => void waiting.shift(),
  };
}

/** A client of one topic that follows the gate, and writes down what its observer saw. */
function createClient(hubs: readonly Hub[], isNeedless: (before: Cursor) => boolean) {
  const seen: (number | "gap")[] = [];
  let cursor: { e: number; o: number } | undefined;
  let epoch = 0;
  let gen = 0;
  let down: AnyFrame[] = [];
  let line: TidewireLine | undefined;
  let isFull = false;
  let node = 0;

  const dial = async (to: number) => {
    line?.closed();
    down = [];
    node = to;
    isFull = false;
    gen += 1;
    const mine = down;
    const hub = hubs[to] as Hub;
    const hello: HelloFrame = { k: "hello", v: 1, gen, sid: "s", subs: [{ t: "a", from: "now", ...cursor }] };
    const accepted = await acceptHello(hub.core, hello, { url: new URL("http://x"), header: () => undefined });
    if ("code" in accepted) throw new Error(accepted.msg);
    const write = (bytes: Uint8Array) => {
      mine.push(...(decodeDown(decoder.decode(bytes)) ?? []));
      return !isFull;
    };
    line = new TidewireLine(
      hub.core,
      { line: { write, beat() {}, close() {} }, form: FORM, transport: "memory" },
      accepted,
    );
    await line.begin();
  };

  const take = async (): Promise<void> => {
    const frame = down.shift();
    if (!frame) return;
    if (frame.k === "sub") {
      epoch = frame.e;
      cursor ??= { e: frame.e, o: frame.o };
    } else if (frame.k === "gap") {
      epoch = frame.e;
      if (cursor) expect(isNeedless(cursor), `a gap although the engine has it: ${JSON.stringify(cursor)}`).toBe(false);
      const isOld = cursor && (frame.e < cursor.e || (frame.e === cursor.e && frame.to <= cursor.o));
      if (isOld) return;
      cursor = { e: frame.e, o: frame.to };
      seen.push("gap");
    } else if (Array.isArray(frame) && cursor) {
      const [, o, p, data] = frame;
      if (epoch < cursor.e || (epoch === cursor.e && o <= cursor.o)) return;
      if (epoch > cursor.e || p > cursor.o) return dial(node);
      cursor = { e: epoch, o };
      seen.push(data);
    }
  };
  return {
    seen,
    dial,
    take,
    drain: async () => {
      while (down.length > 0) await take();
    },
    setFull(full: boolean) {
      isFull = full;
      if (!full) line?.ready();
    },
    cursor: () => cursor,
    close: () => line?.closed(),
  };
}

type Step = "publish" | "feed" | "lose" | "take" | "cut 0" | "cut 1" | "full" | "ready" | "verify" | "forget";
const step = fc.oneof(
  { weight: 30, arbitrary: fc.constant<Step>("publish") },
  { weight: 40, arbitrary: fc.constant<Step>("feed") },
  { weight: 5, arbitrary: fc.constant<Step>("lose") },
  { weight: 30, arbitrary: fc.constant<Step>("take") },
  { weight: 8, arbitrary: fc.constantFrom<Step>("cut 0", "cut 1", "full", "ready", "verify") },
  { weight: 1, arbitrary: fc.constant<Step>("forget") },
);

async function run(steps: readonly Step[]): Promise<void> {
  let time = 1000;
  const now = () => time;
  const engine = memory({ now });
  const far = distant(engine);
  const hubs = [0, 1].map(() => createHub({ engine: far.nodeEngine(), retainMessages: 6, now, onError: () => {} }));
  const client = createClient(hubs, ({ e, o }) => {
    const page = engine.read("a", undefined, 0) as LogPage;
    return page.e === e && o >= page.min && o <= page.top;
  });
  await client.dial(0);
  await client.drain();
  let published = 0;
  for (const what of steps) {
    time += 1;
    if (what === "publish") {
      published += 1;
      await engine.append("a", String(published), {
        retainMessages: 6,
        retainBytes: 1e6,
        retainMs: Number.POSITIVE_INFINITY,
      });
    } else if (what === "feed") far.feedOne();
    else if (what === "lose") far.loseOne();
    else if (what === "take") await client.take();
    else if (what === "full" || what === "ready") client.setFull(what === "full");
    else if (what === "forget") await engine.forget("a");
    else if (what === "verify") for (const hub of hubs) hub.core.topics.verify();
    else await client.dial(Number(what.slice(-1)));
    if (what !== "publish") await settle();
  }
  client.setFull(false);
  for (let round = 0; round < 4; round += 1) {
    for (let more = true; more; ) more = far.feedOne();
    for (const hub of hubs) hub.core.topics.verify();
    await settle();
    for (const hub of hubs) hub.core.flush();
    await client.drain();
    await settle();
  }
  const { seen } = client;
  let last = 0;
  let isGap = false;
  for (const item of seen) {
    if (item === "gap") isGap = true;
    else {
      expect(item, `a duplicate or out of order: ${seen}`).toBeGreaterThan(last);
      if (!isGap) expect(item, `lost in silence: ${seen}`).toBe(last + 1);
      last = item;
      isGap = false;
    }
  }
  const top = (await engine.tops(["a"])).get("a");
  expect(client.cursor(), `stands at the top: ${seen}`).toEqual(top);
  if (last !== published) expect(isGap, `the end is missing: ${seen} of ${published}`).toBe(true);
  client.close();
  await Promise.all(hubs.map((hub) => hub.close()));
}

describe("a client of two nodes on one engine, with a lossy feed, cuts, trims, a slow line and forgotten logs", () => {
  it("sees every message once and in order, or a gap", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 120, size: "max" }), (steps) => run(steps)),
      { numRuns: 300, endOnFailure: true },
    );
  }, 60_000);
});
