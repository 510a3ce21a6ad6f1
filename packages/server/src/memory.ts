import type { Cursor } from "@tidewire/wire";
import type { Appended, AppendOptions, Engine, Entry, Feed, FeedEvents, LogPage, Retention } from "./engine.ts";
import { Log } from "./log/log.ts";

/** Options of {@link memory}. */
export interface MemoryOptions {
  /** The engine's clock, in milliseconds. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** How many idempotency keys are remembered per topic. Default 1000. */
  readonly idempotencyKeys?: number | undefined;
}

interface Kept {
  readonly log: Log;
  readonly keys: Map<string, Cursor>;
}

const UNBOUNDED: Retention = { retainMessages: Infinity, retainBytes: Infinity, retainMs: Infinity };

/**
 * The embedded engine: logs in this process's memory. A new engine opens a new epoch, which readers of an earlier one
 * hear of as a gap of the kind "restart": nothing is known to be missing, and nobody can tell what the earlier one had. Several hubs of one process may share one engine.
 */
export function memory(options: MemoryOptions = {}): Engine {
  const { now = Date.now, idempotencyKeys = 1000 } = options;
  const logs = new Map<string, Kept>();
  const feeds = new Set<{ readonly events: FeedEvents; readonly wanted: Set<string> }>();
  let epoch = now();
  const lineage = `memory-${epoch}-${Math.random().toString(36).slice(2)}`;

  const keep = (topic: string): Kept => {
    let kept = logs.get(topic);
    if (!kept) {
      kept = { log: new Log({ e: epoch, o: 0 }, UNBOUNDED), keys: new Map() };
      logs.set(topic, kept);
    }
    return kept;
  };

  return {
    append(topic, payload, { idempotencyKey, ...retention }: AppendOptions): Appended {
      const { log, keys } = keep(topic);
      const known = idempotencyKey === undefined ? undefined : keys.get(idempotencyKey);
      if (known) return { ...known, duplicate: true };
      const entry: Entry = { e: log.e, o: log.top + 1, p: log.top, payload, at: now() };
      log.retention = retention;
      log.push(entry, entry.at);
      if (idempotencyKey !== undefined) remember(keys, idempotencyKey, entry, idempotencyKeys);
      for (const { events, wanted } of feeds) if (wanted.has(topic)) events.entry(topic, entry);
      return { e: entry.e, o: entry.o, duplicate: false };
    },
    read(topic, after, limit): LogPage {
      const log = logs.get(topic)?.log;
      if (!log) return { e: epoch, min: 0, top: 0, entries: [] };
      log.trim(now());
      const { e, min, top } = log;
      const from = after && after.e === e && after.o >= min ? after.o : min;
      return { e, min, top, entries: log.after(from, limit) };
    },
    tops(topics) {
      const cursorOf = (topic: string): Cursor => {
        const log = logs.get(topic)?.log;
        return log ? { e: log.e, o: log.top } : { e: epoch, o: 0 };
      };
      return new Map(topics.map((topic) => [topic, cursorOf(topic)]));
    },
    feed(events): Feed {
      const feed = { events, wanted: new Set<string>() };
      feeds.add(feed);
      return {
        want: (topic) => void feed.wanted.add(topic),
        drop: (topic) => void feed.wanted.delete(topic),
        close: () => void feeds.delete(feed),
      };
    },
    lineage: () => lineage,
    forget(topic) {
      for (const { wanted } of feeds) if (wanted.has(topic)) return;
      // Whoever still holds a cursor into the forgotten log must not mistake the next one for it.
      if (logs.delete(topic)) epoch = Math.max(epoch + 1, now());
    },
    close() {
      feeds.clear();
      logs.clear();
    },
  };
}

function remember(keys: Map<string, Cursor>, key: string, { e, o }: Cursor, limit: number): void {
  keys.set(key, { e, o });
  if (keys.size <= limit) return;
  const [oldest] = keys.keys();
  keys.delete(oldest as string);
}
