import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type SqliteEngine, sqlite } from "@tidewire/sqlite";
import { runEngineSuite } from "./suite.ts";

let folder: string;
let path: string;
let inner: SqliteEngine;

const newFile = () => {
  folder = mkdtempSync(join(tmpdir(), "tidewire-sqlite-"));
  path = join(folder, "log.db");
};
const stop = () => rmSync(folder, { recursive: true });

for (const durability of ["process", "machine"] as const) {
  runEngineSuite({
    name: `SQLite that outlives the ${durability}`,
    start() {
      newFile();
      return sqlite(path, { durability });
    },
    stop,
  });
}

/** Makes the file what an older copy of it is: with its first messages only. */
function takeBack(kept: number): void {
  const database = new DatabaseSync(path);
  const { lost } = database.prepare("SELECT count(*) AS lost FROM entries WHERE o > ?").get(kept) as { lost: number };
  database.exec(`DELETE FROM entries WHERE o > ${kept}; UPDATE topics SET top = ${kept}`);
  database.exec(`UPDATE facts SET value = value - ${lost} WHERE name = 'appended'`);
  database.close();
}

runEngineSuite({
  name: "SQLite in whose place a copy is put",
  start() {
    newFile();
    inner = sqlite(path);
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
  rollBack(kept) {
    void inner.close();
    takeBack(kept);
    inner = sqlite(path);
  },
  stop,
});
