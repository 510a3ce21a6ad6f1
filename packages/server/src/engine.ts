import type { Cursor } from "@tidewire/wire";

/** One message as a log keeps it. It covers the half-open range (p, o]. */
export interface Entry {
  readonly e: number;
  readonly o: number;
  /** The offset of the message before it. Whoever takes messages out of a log widens the range of the next one. */
  readonly p: number;
  /** JSON text. */
  readonly payload: string;
  /** When it was appended, in milliseconds of the engine's clock. */
  readonly at: number;
}

/** How much history a log keeps. The first bound that is reached decides. */
export interface Retention {
  readonly retainMessages: number;
  /** Characters of payload. */
  readonly retainBytes: number;
  /** Milliseconds; Infinity for no limit by age. */
  readonly retainMs: number;
}

/** What `append` takes beside the payload. */
export interface AppendOptions extends Retention {
  /** A second append with the same key gives the first one's cursor and adds nothing. */
  readonly idempotencyKey?: string | undefined;
}

/** Where a message came to stand. */
export interface Appended extends Cursor {
  /** True when the idempotency key was known: nothing was added. */
  readonly duplicate: boolean;
}

/** A stretch of a log. */
export interface LogPage {
  readonly e: number;
  /** The offset before the oldest message that is kept. */
  readonly min: number;
  /** The offset of the newest message. */
  readonly top: number;
  /** In order, every one after the cursor that was asked for, at most `limit`. */
  readonly entries: readonly Entry[];
}

/** What an engine tells the node that feeds on it. */
export interface FeedEvents {
  /** One message of a wanted topic, in order. After a loss the first one's `p` shows the hole. */
  entry(topic: string, entry: Entry): void;
  /** The way to the engine went down or came back. After "up" the node compares tops. */
  state(state: "up" | "down"): void;
}

/** One node's feed: never one per client. */
export interface Feed {
  /** The topic's messages are fed: those after the next answer of `read` or `tops` for certain. */
  want(topic: string): void;
  drop(topic: string): void;
  close(): void;
}

/** Now, or later. */
export type Awaitable<T> = T | Promise<T>;

/**
 * Where a hub's logs live. The engine owns order: it MUST give epoch and offset atomically with the append, and epochs of a
 * topic MUST never go down. The hub owns rings, cursors and lines.
 */
export interface Engine {
  append(topic: string, payload: string, options: AppendOptions): Awaitable<Appended>;
  /** Without a cursor, or with one from another epoch or outside the log: from the oldest message that is kept. */
  read(topic: string, after: Cursor | undefined, limit: number): Awaitable<LogPage>;
  /** The newest cursor of each topic, also of those never published. */
  tops(topics: readonly string[]): Awaitable<ReadonlyMap<string, Cursor>>;
  feed(events: FeedEvents): Feed;
  /**
   * Names the history as a whole: it differs after a failover that may have lost writes. The engine keeps it with each topic,
   * and where it differs the topic's epoch MUST be greater from then on. Hubs ask every few seconds, and read their topics anew.
   */
  lineage(): Awaitable<string>;
  /** Forgets a topic that its node needs no more, unless another feed wants it. Its next epoch MUST be greater. */
  forget(topic: string): Awaitable<void>;
  close(): Awaitable<void>;
}
