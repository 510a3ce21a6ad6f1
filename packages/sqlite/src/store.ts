import { TidewireError } from "@tidewire/wire";
import { type Database, openDatabase, type Statement } from "./database.ts";
import { failureOf } from "./failure.ts";
import { readTideMark, writeTideMark } from "./tide-mark.ts";

/** What the file's first page says its form is. */
const FORM = 1;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS topics (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, e INTEGER NOT NULL, min INTEGER NOT NULL, top INTEGER NOT NULL,
    chars INTEGER NOT NULL, retain_ms REAL
  );
  CREATE TABLE IF NOT EXISTS entries (
    topic INTEGER NOT NULL, o INTEGER NOT NULL, at INTEGER NOT NULL, payload TEXT NOT NULL, PRIMARY KEY (topic, o)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS keys (topic INTEGER NOT NULL, key TEXT NOT NULL, o INTEGER NOT NULL, PRIMARY KEY (topic, key)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS keys_by_offset ON keys (topic, o);
  PRAGMA user_version = ${FORM};
`;

/** What an append outlives: the end of the process, or of the machine as well. */
export type Durability = "process" | "machine";

/** One topic, as its row says. */
export interface TopicRow {
  readonly id: number;
  readonly name: string;
  e: number;
  /** The offset before the oldest message that is kept. */
  min: number;
  top: number;
  /** Characters of all payloads that are kept. */
  chars: number;
  /** Null for no limit by age. */
  retain_ms: number | null;
}

/** One message, as its row says. */
export interface EntryRow {
  readonly o: number;
  readonly at: number;
  readonly payload: string;
}

type Statements = Readonly<Record<keyof typeof SQL, Statement>>;

const SQL = {
  begin: "BEGIN IMMEDIATE",
  commit: "COMMIT",
  rollBack: "ROLLBACK",
  fact: "SELECT value FROM facts WHERE name = ?",
  setFact: "INSERT INTO facts VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
  topic: "SELECT id, name, e, min, top, chars, retain_ms FROM topics WHERE name = ?",
  addTopic: "INSERT INTO topics (name, e, min, top, chars) VALUES (?, ?, 0, 0, 0)",
  saveTopic: "UPDATE topics SET e = ?, min = ?, top = ?, chars = ?, retain_ms = ? WHERE id = ?",
  dropTopic: "DELETE FROM topics WHERE id = ?",
  dropEntries: "DELETE FROM entries WHERE topic = ?",
  dropKeys: "DELETE FROM keys WHERE topic = ?",
  addEntry: "INSERT INTO entries VALUES (?, ?, ?, ?)",
  entries: "SELECT o, at, payload FROM entries WHERE topic = ? AND o > ? ORDER BY o LIMIT ?",
  lengths: "SELECT o, at, length(payload) AS chars FROM entries WHERE topic = ? ORDER BY o LIMIT ?",
  trim: "DELETE FROM entries WHERE topic = ? AND o <= ?",
  key: "SELECT o FROM keys WHERE topic = ? AND key = ?",
  addKey: "INSERT INTO keys VALUES (?, ?, ?)",
  trimKeys: "DELETE FROM keys WHERE topic = ? AND o <= ?",
  moveEpochs: "UPDATE topics SET e = max(e + 1, ?)",
} as const;

/** The rows of one file. Nothing here waits: SQLite answers at once. */
export class Store {
  readonly path: string;
  readonly sql: Statements;
  readonly #database: Database;
  #lineage: string;
  /** Messages ever appended. */
  appended: number;

  /** Opens a file, and makes it where it is new. Throws `refused` with the reason and what to do about it. */
  constructor(path: string, durability: Durability, now: () => number) {
    this.path = path;
    try {
      this.#database = openDatabase(path);
      this.#prepareFile(durability);
      const prepared = Object.entries(SQL).map(([name, sql]) => [name, this.#database.prepare(sql)]);
      this.sql = Object.fromEntries(prepared) as Statements;
      this.appended = Number(this.fact("appended") ?? 0);
      this.#lineage = String(this.fact("lineage") ?? "");
      if (this.#lineage === "" || this.#wasRolledBack()) this.#beginLineage(now);
    } catch (thrown) {
      throw failureOf(path, thrown);
    }
  }

  get lineage(): string {
    return this.#lineage;
  }

  fact(name: string): unknown {
    return (this.sql.fact.get(name) as { value: unknown } | undefined)?.value;
  }

  /** Notes beside the file how far the log has come: by it a copy that is put in its place is known. */
  mark(): void {
    writeTideMark(this.path, { lineage: this.#lineage, appended: this.appended });
  }

  close(): void {
    this.#database.close();
  }

  #prepareFile(durability: Durability): void {
    const database = this.#database;
    database.exec(`PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE`);
    const { user_version: form } = database.prepare("PRAGMA user_version").get() as { user_version: number };
    if (form !== 0 && form !== FORM) {
      const message = `The log in ${this.path} is of form ${form}, this version reads ${FORM}: use the version that wrote it, or move it away.`;
      throw new TidewireError("refused", message, { isFinal: true });
    }
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${durability === "machine" ? "FULL" : "NORMAL"}`);
    database.exec(SCHEMA);
    database.exec("BEGIN EXCLUSIVE; COMMIT"); // From here on the file is this process's own.
  }

  /** True where the file has less than it had: a copy was put in its place, or the machine lost what it had acknowledged. */
  #wasRolledBack(): boolean {
    const mark = readTideMark(this.path);
    return mark !== undefined && (mark.lineage !== this.#lineage || mark.appended > this.appended);
  }

  /** Cursors into what was lost must not be mistaken for cursors into what follows. */
  #beginLineage(now: () => number): void {
    this.#lineage = `sqlite-${crypto.randomUUID()}`;
    this.sql.begin.run();
    this.sql.moveEpochs.run(now());
    this.sql.setFact.run("epoch", Math.max(Number(this.fact("epoch") ?? 0) + 1, now()));
    this.sql.setFact.run("lineage", this.#lineage);
    this.sql.commit.run();
    this.mark();
  }
}
