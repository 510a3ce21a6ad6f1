import type { Awaitable, Engine, Entry, Retention } from "@tidewire/server";
import type { Cursor } from "@tidewire/wire";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

/** What an engine's package gives, to be held to the contract. */
export interface EngineDriver {
  readonly name: string;
  /** An empty engine. Called before each test. */
  start(): Awaitable<Engine>;
  /** Loses the newest messages, all but `kept` of topic "a", as a failover would; for engines whose ground can be pulled so. */
  rollBack?(kept: number): Awaitable<void>;
  /** Frees what `start` opened beside the engine itself. */
  stop?(): Awaitable<void>;
}

const KEEP: Retention = { retainMessages: 1000, retainBytes: 1e6, retainMs: Number.POSITIVE_INFINITY };
const payloads = (entries: readonly Entry[]) => entries.map(({ payload }) => payload);

/** Feeds on an engine and keeps what came. */
function collect(engine: Engine) {
  const entries: (Entry & { topic: string })[] = [];
  const feed = engine.feed({ entry: (topic, entry) => entries.push({ topic, ...entry }), state() {} });
  const arrived = (count: number) => expect.poll(() => entries.length).toBeGreaterThanOrEqual(count);
  return { ...feed, entries, arrived };
}

/** Holds an engine to the contract of `Engine`. */
export function runEngineSuite(driver: EngineDriver): void {
  describe(`engine: ${driver.name}`, () => {
    let engine: Engine;
    const append = (payload: string, options: Partial<Retention> & { idempotencyKey?: string } = {}, topic = "a") =>
      engine.append(topic, payload, { ...KEEP, ...options });

    beforeEach(async () => {
      engine = await driver.start();
    });
    afterEach(async () => {
      await engine.close();
      await driver.stop?.();
    });

    it("gives each append a greater offset of one epoch, and links each entry to the one before", async () => {
      const given: Cursor[] = [];
      for (const payload of ["1", "2", "3"]) given.push(await append(payload));
      const page = await engine.read("a", undefined, 10);
      expect(payloads(page.entries)).toEqual(["1", "2", "3"]);
      expect(page.entries.map(({ e, o }) => ({ e, o }))).toEqual(given.map(({ e, o }) => ({ e, o })));
      expect(page.top).toBe(given[2]?.o);
      expect(new Set(given.map(({ e }) => e)).size).toBe(1);
      let before = page.min;
      for (const { o, p } of page.entries) {
        expect(p).toBe(before);
        expect(o).toBeGreaterThan(p);
        before = o;
      }
    });

    it("keeps the order of appends that nobody waited for", async () => {
      const numbers = Array.from({ length: 200 }, (_, i) => String(i));
      await Promise.all(numbers.map((payload) => append(payload)));
      expect(payloads((await engine.read("a", undefined, 1000)).entries)).toEqual(numbers);
    });

    it("keeps topics apart, whatever they are called", async () => {
      const names = ["a", "__proto__", "constructor", "é:{x}*>.,= ", "a b"];
      for (const name of names) await append(JSON.stringify(name), {}, name);
      for (const name of names) {
        expect(payloads((await engine.read(name, undefined, 10)).entries)).toEqual([JSON.stringify(name)]);
      }
    });

    it("gives back payloads as they were", async () => {
      const odd = [`"\\u0000"`, `"é😀\u2028"`, JSON.stringify("x".repeat(100_000)), "null"];
      for (const payload of odd) await append(payload);
      expect(payloads((await engine.read("a", undefined, 10)).entries)).toEqual(odd);
    });

    it("reads on after a cursor, at most so many", async () => {
      const given: Cursor[] = [];
      for (const payload of ["1", "2", "3", "4", "5"]) given.push(await append(payload));
      const page = await engine.read("a", given[1], 2);
      expect(payloads(page.entries)).toEqual(["3", "4"]);
      expect(page.top).toBe(given[4]?.o);
      expect((await engine.read("a", given[4], 2)).entries).toEqual([]);
    });

    it("reads from the oldest for a cursor of another epoch", async () => {
      const { e } = await append("1");
      await append("2");
      for (const other of [e - 1, e + 1]) {
        expect(payloads((await engine.read("a", { e: other, o: 1 }, 10)).entries)).toEqual(["1", "2"]);
      }
    });

    it("adds nothing for a key that it knows, and gives the first one's cursor", async () => {
      const first = await append("1", { idempotencyKey: "k" });
      const other = await append("2", { idempotencyKey: "l" });
      const again = await append("3", { idempotencyKey: "k" });
      expect(again).toEqual({ ...first, duplicate: true });
      expect([first.duplicate, other.duplicate]).toEqual([false, false]);
      expect(await append("4", { idempotencyKey: "k" }, "b")).toMatchObject({ duplicate: false });
      expect(payloads((await engine.read("a", undefined, 10)).entries)).toEqual(["1", "2"]);
    });

    it("keeps no more than it is told, and says where the rest begins", async () => {
      for (const payload of ["1", "2", "3", "4", "5"]) await append(payload, { retainMessages: 2 });
      const { min, top, entries } = await engine.read("a", undefined, 10);
      expect(payloads(entries)).toEqual(["4", "5"]);
      expect(min).toBe(entries[0]?.p);
      expect(top).toBe(entries[1]?.o);
    });

    it.each([
      ["larger than all that is kept", { retainBytes: 10 }],
      ["of a topic that keeps no messages", { retainMessages: 0 }],
      ["of a topic that keeps no bytes", { retainBytes: 0 }],
    ])("feeds a message %s to those who are there, and keeps it no longer", async (_what, retention) => {
      const here = collect(engine);
      here.want("a");
      await engine.tops(["a"]);
      const large = JSON.stringify("x".repeat(100));
      await append("1", retention);
      const given = await append(large, retention);
      await here.arrived(2);
      expect(payloads(here.entries)).toEqual(["1", large]);
      expect(await engine.read("a", undefined, 10)).toEqual({ e: given.e, min: given.o, top: given.o, entries: [] });
      expect(await engine.read("a", { e: given.e, o: 0 }, 10)).toMatchObject({ min: given.o, entries: [] });
      here.close();
    });

    it("tells tops, also of topics that were never published", async () => {
      const given = await append("1");
      const tops = await engine.tops(["a", "never"]);
      expect(tops.get("a")).toEqual({ e: given.e, o: given.o });
      expect(tops.get("never")?.o).toBe(0);
    });

    it("feeds wanted topics in order, and no others", async () => {
      const one = collect(engine);
      const two = collect(engine);
      one.want("a");
      two.want("a");
      two.want("b");
      await engine.tops(["a", "b"]);
      for (const payload of ["1", "2", "3"]) {
        await append(payload);
        await append(payload, {}, "b");
      }
      await one.arrived(3);
      await two.arrived(6);
      expect(one.entries.map(({ topic, payload }) => topic + payload)).toEqual(["a1", "a2", "a3"]);
      expect(two.entries.filter(({ topic }) => topic === "b").map(({ payload }) => payload)).toEqual(["1", "2", "3"]);
      const page = await engine.read("a", undefined, 10);
      expect(one.entries.map(({ e, o, p }) => ({ e, o, p }))).toEqual(page.entries.map(({ e, o, p }) => ({ e, o, p })));
      one.close();
      two.close();
    });

    it("feeds nothing after drop and close", async () => {
      const dropped = collect(engine);
      const closed = collect(engine);
      const witness = collect(engine);
      for (const feed of [dropped, closed, witness]) feed.want("a");
      await engine.tops(["a"]); // What is wanted is fed from the next answer on.
      dropped.drop("a");
      closed.close();
      await append("1");
      await witness.arrived(1);
      expect([dropped.entries, closed.entries]).toEqual([[], []]);
    });

    it("begins a greater epoch for a topic that it forgot", async () => {
      const { e } = await append("1");
      await engine.forget("a");
      const again = await append("2");
      expect(again.e).toBeGreaterThan(e);
      expect(payloads((await engine.read("a", undefined, 10)).entries)).toEqual(["2"]);
    });

    it("forgets no topic that another node feeds on", async () => {
      const elsewhere = collect(engine);
      elsewhere.want("a");
      await engine.tops(["a"]);
      const { e } = await append("1");
      await elsewhere.arrived(1);
      await engine.forget("a");
      expect((await append("2")).e).toBe(e);
      expect(payloads((await engine.read("a", undefined, 10)).entries)).toEqual(["1", "2"]);
    });

    if (driver.rollBack) {
      it("has another lineage and greater epochs once writes were lost", async () => {
        const lineage = await engine.lineage();
        let last = await append("1");
        for (const payload of ["2", "3"]) last = await append(payload);
        await driver.rollBack?.(1);
        expect(await engine.lineage()).not.toBe(lineage);
        expect((await engine.tops(["a"])).get("a")?.e).toBeGreaterThan(last.e);
        expect(await append("4")).toMatchObject({ duplicate: false });
        const page = await engine.read("a", { e: last.e, o: last.o }, 10);
        expect(page.e).toBeGreaterThan(last.e);
        expect(payloads(page.entries)).toEqual(["1", "4"]);
      });
    }

    it("names its lineage, the same each time", async () => {
      const lineage = await engine.lineage();
      expect(lineage).not.toBe("");
      expect(await engine.lineage()).toBe(lineage);
    });
  });
}
