import { expect, it, vi } from "vitest";
import { serveHub } from "../adapters/node.fixture.ts";
import type { Engine } from "../engine.ts";
import { createHub } from "../hub.ts";
import { memory } from "../memory.ts";
import { dialTidewire } from "../session/peer.fixture.ts";

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const kind = (k: string) => (frame: { k?: string }) => frame.k === k;
const KEEP = { retainMessages: 1000, retainBytes: 1e6, retainMs: Number.POSITIVE_INFINITY };

/** An engine that several nodes share, and that can lose its newest messages as a failover does. */
function failing() {
  let time = 1000;
  const now = () => (time += 1);
  let inner = memory({ now });
  const feeds = new Set<() => void>();
  const engine: Engine = {
    append: (...given) => inner.append(...given),
    read: (...given) => inner.read(...given),
    tops: (topics) => inner.tops(topics),
    lineage: () => inner.lineage(),
    forget: (topic) => inner.forget(topic),
    feed(events) {
      const wanted = new Set<string>();
      let feed = inner.feed(events);
      feeds.add(() => {
        feed = inner.feed(events);
        for (const topic of wanted) feed.want(topic);
      });
      return {
        want(topic) {
          wanted.add(topic);
          feed.want(topic);
        },
        drop: (topic) => feed.drop(topic),
        close: () => feed.close(),
      };
    },
    close() {},
  };
  return {
    engine,
    /** Goes on with the oldest `kept` messages of "a" in a new epoch, as the contract asks. */
    async rollBack(kept: number) {
      const { entries } = await inner.read("a", undefined, kept);
      inner = memory({ now });
      for (const { payload } of entries) await inner.append("a", payload, KEEP);
      for (const again of feeds) again();
    },
  };
}

it("a node that finds another lineage reads its topics anew: readers hear of the new epoch, then of what it holds", async () => {
  const { engine, rollBack } = failing();
  const { hub, ws } = await serveHub({ engine });
  const line = await dialTidewire(ws);
  line.hello({ subs: [{ t: "a" }] });
  await line.find(kind("live"));
  hub.core.topics.verify();
  for (const n of range(1, 4)) await hub.publish("a", n);
  expect(await line.data(4)).toEqual(range(1, 4));
  await rollBack(2);
  await engine.append("a", "5", KEEP);
  await engine.append("a", "6", KEEP);
  await engine.append("a", "7", KEEP);
  hub.core.topics.verify();
  expect(await line.find(kind("gap"))).toMatchObject({ t: "a", from: 4, to: 0, why: "restart" });
  expect(await line.data(5)).toEqual([1, 2, 5, 6, 7]);
});

it("a log that went back within its epoch is a rollback, and is found without anybody publishing", async () => {
  let stolen = 0;
  const inner = memory({ now: () => 1000 });
  const engine: Engine = {
    ...inner,
    read: async (...given) => {
      const page = await inner.read(...given);
      const top = page.top - stolen;
      return { ...page, top, entries: page.entries.filter(({ o }) => o <= top) };
    },
    tops: async (topics) =>
      new Map([...(await inner.tops(topics))].map(([name, { e, o }]) => [name, { e, o: o - stolen }])),
  };
  const { hub, ws } = await serveHub({ engine });
  const line = await dialTidewire(ws);
  line.hello({ subs: [{ t: "a" }] });
  await line.find(kind("live"));
  for (const n of range(1, 4)) await hub.publish("a", n);
  await line.data(4);
  stolen = 2;
  hub.core.topics.verify();
  expect(await line.find(kind("gap"))).toEqual({ k: "gap", t: "a", e: 1000, from: 4, to: 2, why: "rollback" });
});

it("an answer about tops that the feed has overtaken is no rollback", async () => {
  const inner = memory();
  const engine: Engine = {
    ...inner,
    async tops(topics) {
      const tops = await inner.tops(topics);
      await inner.append("a", "2", KEEP);
      return tops;
    },
  };
  const { hub, ws } = await serveHub({ engine });
  const line = await dialTidewire(ws);
  line.hello({ subs: [{ t: "a" }] });
  await line.find(kind("live"));
  await hub.publish("a", 1);
  hub.core.topics.verify();
  expect(await line.data(2)).toEqual([1, 2]);
  await hub.publish("a", 3);
  expect((await line.next())[3]).toBe(3);
});

it("what this node's ring no longer has is read from the engine: no gap for history that is kept", async () => {
  const inner = memory();
  const read = vi.fn(async (...given: Parameters<Engine["read"]>) => inner.read(...given));
  const engine: Engine = { ...inner, read };
  const { hub, ws } = await serveHub({ engine, retainMessages: 5 });
  hub.topic("a", { retainMessages: 5 });
  for (const n of range(1, 400)) await inner.append("a", String(n), KEEP);
  const readers = await Promise.all(range(1, 5).map(() => dialTidewire(ws)));
  const top = (await inner.tops(["a"])).get("a") as { e: number; o: number };
  await hub.core.topics.reach("a", undefined);
  read.mockClear();
  for (const line of readers) line.hello({ subs: [{ t: "a", e: top.e, o: 3 }] });
  for (const line of readers) expect(await line.data(397)).toEqual(range(4, 400));
  expect(read.mock.calls.length, "readers at one place share a read").toBeLessThan(4 * readers.length);
});

it("a gap before history that the engine keeps ends where the engine's history begins", async () => {
  const inner = memory();
  const { hub, ws } = await serveHub({ engine: { ...inner, read: async (...given) => inner.read(...given) } });
  hub.topic("a", { retainMessages: 5 });
  for (const n of range(1, 40)) await inner.append("a", String(n), { ...KEEP, retainMessages: 20 });
  const { e } = (await inner.tops(["a"])).get("a") as { e: number };
  const line = await dialTidewire(ws);
  line.hello({ subs: [{ t: "a", e, o: 3 }] });
  expect(await line.find(kind("gap"))).toMatchObject({ from: 3, to: 20, why: "trimmed" });
  expect(await line.data(20)).toEqual(range(21, 40));
});

it("an engine that cannot be read closes the line that needs it, to come back later", async () => {
  const inner = memory();
  let isDown = false;
  const engine: Engine = {
    ...inner,
    read: async (...given) => {
      if (isDown) throw new Error("down");
      return inner.read(...given);
    },
  };
  const { hub, ws } = await serveHub({ engine, onError: () => {} });
  hub.topic("a", { retainMessages: 5 });
  for (const n of range(1, 40)) await inner.append("a", String(n), KEEP);
  await hub.core.topics.reach("a", undefined);
  isDown = true;
  const { e } = (await inner.tops(["a"])).get("a") as { e: number };
  const line = await dialTidewire(ws);
  line.hello({ subs: [{ t: "a", e, o: 3 }] });
  expect((await line.closed).code).toBe(4512);
});

it("idle topics go although no line is open", async () => {
  const hub = createHub({ heartbeatMs: 10, idleTopicMs: 1 });
  await hub.publish("a", 1);
  expect(hub.stats().topics).toBe(1);
  await expect.poll(() => hub.stats().topics).toBe(0);
  await hub.close();
});

it("a log that began anew says `restart` where all of the new one follows, and `epoch` where also of that something is gone", async () => {
  const { hub, ws } = await serveHub({ retainMessages: 2, now: () => 5000 });
  const gapOfReturning = async () => {
    const back = await dialTidewire(ws);
    back.hello({ subs: [{ t: "a", e: 400, o: 7 }] });
    const gap = await back.find(kind("gap"));
    back.peer.terminate();
    return gap;
  };
  expect(await gapOfReturning()).toEqual({ k: "gap", t: "a", e: 5000, from: 7, to: 0, why: "restart" });
  for (const n of range(1, 2)) await hub.publish("a", n);
  expect(await gapOfReturning()).toMatchObject({ to: 0, why: "restart" });
  await hub.publish("a", 3);
  expect(await gapOfReturning()).toMatchObject({ to: 1, why: "epoch" });
});

it("what a node missed of its feed is no reader's slowness", async () => {
  const engine = memory({ now: () => 1000 });
  let isDeaf = false;
  const { hub, ws } = await serveHub({
    engine: {
      ...engine,
      feed: (events) => engine.feed({ ...events, entry: (...given) => isDeaf || events.entry(...given) }),
    },
  });
  const line = await dialTidewire(ws);
  line.hello({ subs: [{ t: "a" }] });
  await line.find(kind("live"));
  await hub.publish("a", 1);
  expect(await line.data(1)).toEqual([1]);
  isDeaf = true;
  for (const n of range(2, 5)) await engine.append("a", String(n), { ...KEEP, retainMessages: 1 });
  isDeaf = false;
  await engine.append("a", "6", { ...KEEP, retainMessages: 1 });
  expect(await line.find(kind("gap"))).toMatchObject({ from: 1, to: 5, why: "trimmed" });
  expect(await line.data(1)).toEqual([6]);
});
