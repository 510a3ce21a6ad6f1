import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Engine, memory } from "@tidewire/server";
import { sqlite } from "@tidewire/sqlite";

/** What is worth more than the process. What the machine says of itself is of the moment. */
const KEPT: ReadonlySet<string> = new Set(["chat"]);

/** The chat's log in a file, which outlives the process; all others in memory. */
export function openEngine(dataDir: string): Engine {
  mkdirSync(dataDir, { recursive: true });
  const [kept, passing] = [sqlite(join(dataDir, "chat.db")), memory()];
  const of = (topic: string): Engine => (KEPT.has(topic) ? kept : passing);
  return {
    append: (topic, ...given) => of(topic).append(topic, ...given),
    read: (topic, ...given) => of(topic).read(topic, ...given),
    async tops(topics) {
      const [isKept, isPassing] = [
        topics.filter((topic) => KEPT.has(topic)),
        topics.filter((topic) => !KEPT.has(topic)),
      ];
      return new Map([...(await kept.tops(isKept)), ...(await passing.tops(isPassing))]);
    },
    feed(events) {
      const feeds = [kept.feed(events), passing.feed(events)] as const;
      const feedOf = (topic: string) => feeds[KEPT.has(topic) ? 0 : 1];
      return {
        want: (topic) => feedOf(topic).want(topic),
        drop: (topic) => feedOf(topic).drop(topic),
        close: () => feeds.forEach((feed) => void feed.close()),
      };
    },
    lineage: async () => `${await kept.lineage()} ${await passing.lineage()}`,
    forget: (topic) => of(topic).forget(topic),
    async close() {
      await kept.close();
      await passing.close();
    },
  };
}
