import { type Engine, memory, type Retention } from "@tidewire/server";
import { runEngineSuite } from "./suite.ts";

const KEEP: Retention = { retainMessages: 1000, retainBytes: 1e6, retainMs: Number.POSITIVE_INFINITY };

let time = 0;
let inner: Engine;

const start = () => {
  time += 1000;
  inner = memory({ now: () => time });
};

/** An engine that can lose its newest writes: a memory engine that is replaced by one with less in it. */
runEngineSuite({
  name: "one that fails over",
  start() {
    start();
    return {
      append: (...given) => inner.append(...given),
      read: (...given) => inner.read(...given),
      tops: (topics) => inner.tops(topics),
      feed: (events) => inner.feed(events),
      lineage: () => inner.lineage(),
      forget: (topic) => inner.forget(topic),
      close: () => inner.close(),
    };
  },
  async rollBack(kept) {
    const { entries } = await inner.read("a", undefined, kept);
    start();
    for (const { payload } of entries) await inner.append("a", payload, KEEP);
  },
});
