import type { Appended, AppendOptions, Engine, Entry, Feed, FeedEvents, LogPage, Retention } from "@tidewire/server";
import { type Cursor, TidewireError } from "@tidewire/wire";
import { failureOf } from "./failure.ts";
import { type Durability, type EntryRow, Store, type TopicRow } from "./store.ts";
import { trim } from "./trim.ts";

/** Options of {@link sqlite}. */
export interface SqliteOptions {
  /**
   * What an append that was acknowledged outlives: "process", also a killed one (default), or "machine", a power cut too,
   * for which the disk is waited for once per group of appends.
   */
  readonly durability?: Durability | undefined;
  /** How many messages back an idempotency key is known, per topic. Default 1000. */
  readonly idempotencyKeys?: number | undefined;
  /** The most appends that wait for the disk; more are refused. Default 100 000. */
  readonly maxWaiting?: number | undefined;
  /** The engine's clock, in milliseconds. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** An engine on SQLite, which answers at once; only appends wait for their group. */
export interface SqliteEngine extends Engine {
  append(topic: string, payload: string, options: AppendOptions): Promise<Appended>;
  read(topic: string, after: Cursor | undefined, limit: number): LogPage;
  tops(topics: readonly string[]): ReadonlyMap<string, Cursor>;
  lineage(): string;
  forget(topic: string): void;
  close(): void;
}

/** An append that waits for its group. */
interface Waiting {
  readonly name: string;
  readonly payload: string;
  readonly options: AppendOptions;
  resolve(appended: Appended): void;
  reject(error: TidewireError): void;
}

/** How often it is noted beside the file how far the log has come, at most. */
const MARK_MS = 1000;
/** Keys that are too old are looked for once in so many messages. */
const KEYS_TRIMMED_EVERY = 64;

/**
 * Logs in one file, which outlive the process: a restart is no gap. All appends of one turn of the event loop are one
 * transaction. One file serves one process at a time. Throws `refused` where the file cannot be opened, with the reason.
 */
export function sqlite(path: string, options: SqliteOptions = {}): SqliteEngine {
  return new SqliteLog(path, options);
}

class SqliteLog implements SqliteEngine {
  /** @internal */
  readonly store: Store;
  readonly #now: () => number;
  readonly #keysKept: number;
  readonly #maxWaiting: number;
  readonly #feeds = new Set<{ readonly events: FeedEvents; readonly wanted: Set<string> }>();
  #waiting: Waiting[] = [];
  #markTimer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor(
    path: string,
    { durability = "process", idempotencyKeys = 1000, maxWaiting = 100_000, now = Date.now }: SqliteOptions,
  ) {
    this.#now = now;
    this.#keysKept = idempotencyKeys;
    this.#maxWaiting = maxWaiting;
    this.store = new Store(path, durability, now);
  }

  append(name: string, payload: string, options: AppendOptions): Promise<Appended> {
    if (this.#isClosed) return Promise.reject(new TidewireError("not-open", "The engine is closed."));
    if (this.#waiting.length >= this.#maxWaiting) {
      const message = `${this.#maxWaiting} appends wait for the disk already (maxWaiting): publish less, or on a faster disk.`;
      return Promise.reject(new TidewireError("overflow", message));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ name, payload, options, resolve, reject });
      if (this.#waiting.length === 1) setImmediate(this.#commit);
    });
  }

  read(name: string, after: Cursor | undefined, limit: number): LogPage {
    const topic = this.#find(name);
    if (!topic) return { e: this.#epoch(), min: 0, top: 0, entries: [] };
    const { e, top } = topic;
    const oldest = topic.retain_ms === null ? Number.NEGATIVE_INFINITY : this.#now() - topic.retain_ms;
    const from = after && after.e === e && after.o >= topic.min ? after.o : topic.min;
    const rows = this.store.sql.entries.all(topic.id, from, Math.min(limit, Number.MAX_SAFE_INTEGER)) as EntryRow[];
    const kept = rows.filter(({ at }) => at >= oldest);
    const min =
      rows.length > kept.length && from === topic.min ? (kept[0]?.o ?? (rows.at(-1)?.o ?? from) + 1) - 1 : topic.min;
    return { e, min, top, entries: kept.map((row) => entryOf(e, row)) };
  }

  tops(names: readonly string[]): ReadonlyMap<string, Cursor> {
    return new Map(
      names.map((name) => {
        const topic = this.#find(name);
        return [name, topic ? { e: topic.e, o: topic.top } : { e: this.#epoch(), o: 0 }];
      }),
    );
  }

  feed(events: FeedEvents): Feed {
    const feed = { events, wanted: new Set<string>() };
    this.#feeds.add(feed);
    return {
      want: (topic) => void feed.wanted.add(topic),
      drop: (topic) => void feed.wanted.delete(topic),
      close: () => void this.#feeds.delete(feed),
    };
  }

  lineage(): string {
    return this.store.lineage;
  }

  forget(name: string): void {
    for (const { wanted } of this.#feeds) if (wanted.has(name)) return;
    const topic = this.#find(name);
    if (!topic || this.#waiting.some((waiting) => waiting.name === name)) return;
    const { sql } = this.store;
    this.#inTransaction(() => {
      sql.dropTopic.run(topic.id);
      sql.dropEntries.run(topic.id);
      sql.dropKeys.run(topic.id);
      // Whoever still holds a cursor into the forgotten log must not mistake the next one for it.
      sql.setFact.run("epoch", Math.max(this.#epoch() + 1, topic.e + 1, this.#now()));
    });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#commit();
    this.#isClosed = true;
    this.#feeds.clear();
    clearTimeout(this.#markTimer);
    this.store.mark();
    this.store.close();
  }

  /** All that waits, as one transaction: all of it is there, or none. */
  readonly #commit = (): void => {
    const group = this.#waiting;
    if (group.length === 0 || this.#isClosed) return;
    this.#waiting = [];
    const topics = new Map<string, TopicRow>();
    const retentions = new Map<TopicRow, Retention>();
    const added: { readonly name: string; readonly entry: Entry }[] = [];
    let answers: Appended[];
    try {
      answers = this.#inTransaction(() => {
        const given = group.map(({ name, payload, options }) => {
          const topic = topics.get(name) ?? this.#use(name);
          topics.set(name, topic);
          retentions.set(topic, options);
          const known = this.#known(topic, options.idempotencyKey);
          if (known !== undefined) return { e: topic.e, o: known, duplicate: true };
          const entry = this.#add(topic, payload, options.idempotencyKey);
          added.push({ name, entry });
          return { e: entry.e, o: entry.o, duplicate: false };
        });
        for (const [topic, retention] of retentions) this.#settle(topic, retention);
        this.store.sql.setFact.run("appended", this.store.appended + added.length);
        return given;
      });
    } catch (thrown) {
      for (const { reject } of group) reject(failureOf(this.store.path, thrown));
      return;
    }
    this.store.appended += added.length;
    this.#markSoon();
    // Whoever appended is answered behind the feed: what he hears of is there for everybody.
    for (const { name, entry } of added) this.#tell(name, entry);
    for (const [index, { resolve }] of group.entries()) resolve(answers[index] as Appended);
  };

  #add(topic: TopicRow, payload: string, key: string | undefined): Entry {
    const { sql } = this.store;
    const row = { o: topic.top + 1, at: this.#now(), payload };
    sql.addEntry.run(topic.id, row.o, row.at, payload);
    if (key !== undefined) sql.addKey.run(topic.id, key, row.o);
    topic.top = row.o;
    topic.chars += payload.length;
    if (row.o % KEYS_TRIMMED_EVERY === 0) sql.trimKeys.run(topic.id, row.o - this.#keysKept);
    return entryOf(topic.e, row);
  }

  #known(topic: TopicRow, key: string | undefined): number | undefined {
    if (key === undefined) return undefined;
    const known = (this.store.sql.key.get(topic.id, key) as { o: number } | undefined)?.o;
    return known !== undefined && known > topic.top - this.#keysKept ? known : undefined;
  }

  /** Trims a topic and saves its row. */
  #settle(topic: TopicRow, retention: Retention): void {
    topic.retain_ms = Number.isFinite(retention.retainMs) ? retention.retainMs : null;
    trim(this.store, topic, retention, this.#now());
    this.store.sql.saveTopic.run(topic.e, topic.min, topic.top, topic.chars, topic.retain_ms, topic.id);
  }

  #tell(name: string, entry: Entry): void {
    for (const { events, wanted } of this.#feeds) if (wanted.has(name)) events.entry(name, entry);
  }

  #find(name: string): TopicRow | undefined {
    return this.store.sql.topic.get(name) as TopicRow | undefined;
  }

  #use(name: string): TopicRow {
    if (!this.#find(name)) this.store.sql.addTopic.run(name, this.#epoch());
    return { ...(this.#find(name) as TopicRow) };
  }

  /** The epoch of topics that are new. */
  #epoch(): number {
    return Number(this.store.fact("epoch"));
  }

  #inTransaction<T>(run: () => T): T {
    const { sql } = this.store;
    sql.begin.run();
    try {
      const result = run();
      sql.commit.run();
      return result;
    } catch (thrown) {
      try {
        sql.rollBack.run();
      } catch {
        // SQLite has rolled back by itself, as it does when the disk is full.
      }
      throw thrown;
    }
  }

  #markSoon(): void {
    this.#markTimer ??= setTimeout(() => {
      this.#markTimer = undefined;
      this.store.mark();
    }, MARK_MS).unref();
  }
}

/** Offsets are dense here: the one before is the one before. */
function entryOf(e: number, { o, at, payload }: EntryRow): Entry {
  return { e, o, p: o - 1, payload, at };
}
