import { type Cursor, isTopicName, MAX_TOPIC_LENGTH, optionInvalid, TidewireError } from "@tidewire/wire";
import { background } from "../background.ts";
import type { Awaitable, Entry, LogPage, Retention } from "../engine.ts";
import type { HubSettings } from "../options.ts";
import { HistoryReads, readNewest } from "./engine-read.ts";
import { Topic } from "./topic.ts";

/** The topics of one node, kept in step with the engine. */
export interface Topics {
  /** The topic of this name, made when it is new. Throws `refused` when there are too many. */
  use(name: string): Topic;
  find(name: string): Topic | undefined;
  /** The topic once it stands as the engine has it, and goes back as far as `cursor` where the engine does. MAY reject. */
  reach(name: string, cursor: Cursor | undefined): Awaitable<Topic>;
  /** What the engine has after a cursor that the topic's ring does not reach back to. Never rejects. */
  history(topic: Topic, cursor: Cursor): Awaitable<LogPage | undefined>;
  /** Lets old messages go by age, and topics that were neither read nor published for `idleTopicMs`. */
  sweep(): void;
  /** Compares all topics that are read with the engine's tops and lineage, and reads them anew where they differ. */
  verify(): void;
  /** Forgets a topic that nobody needs any more. */
  release(topic: Topic): void;
  readonly size: number;
  close(): void;
}

/** Throws `option-invalid` for what cannot name a topic. */
export function checkTopicName(name: unknown): void {
  if (isTopicName(name)) return;
  const shown = typeof name === "string" ? JSON.stringify(name.slice(0, 40)) : typeof name;
  throw optionInvalid(
    `A topic's name has 1 to ${MAX_TOPIC_LENGTH} characters and no control characters, got ${shown}.`,
  );
}

/** Makes the table of topics. `onChange` hears of every topic that has something new. */
export function createTopics(settings: HubSettings, onChange: (topic: Topic) => void): Topics {
  const { engine, now, onError, maxTopics, retainMessages, retainBytes, retainMs } = settings;
  // These three and no more: the engine is handed them with each append, and may have to send them somewhere.
  const retention: Retention = { retainMessages, retainBytes, retainMs };
  const topics = new Map<string, Topic>();
  const reads = new HistoryReads(engine, onError);
  let lineage: string | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;

  const fill = (topic: Topic, page: LogPage) => {
    topic.loading = undefined;
    topic.fill(page, now());
    onChange(topic);
  };

  /** Reads the topic anew. An engine that answers at once is never waited for; of two answers the later question's counts. */
  const load = (topic: Topic) => {
    const page = readNewest(engine, topic.name, topic.log.retention.retainMessages);
    if (!(page instanceof Promise)) return fill(topic, page);
    const loading: Promise<void> = page.then(
      (later) => {
        if (topic.loading === loading) fill(topic, later);
      },
      (error: unknown) => {
        if (topic.loading === loading) topic.loading = undefined;
        onError(error, `reading topic ${topic.name}`);
        throw error;
      },
    );
    topic.loading = loading;
    loading.catch(() => {}); // Said above; who waits for the topic hears it too.
  };

  const feed = engine.feed({
    entry(name: string, entry: Entry) {
      const topic = topics.get(name);
      // What comes while the topic is read is in the answer, or shows as a hole after it.
      if (!topic || topic.loading !== undefined) return;
      if (topic.take(entry, now())) onChange(topic);
      else load(topic);
    },
    state(state) {
      if (state === "up") for (const topic of topics.values()) if (topic.loading === undefined) load(topic);
    },
  });

  const open = (name: string): Topic => {
    if (topics.size >= maxTopics) {
      throw new TidewireError("refused", `There are ${maxTopics} topics already: raise maxTopics, or let some go.`);
    }
    const topic = new Topic(name, retention);
    topics.set(name, topic);
    timer ??= background(() => {
      sweep();
      comparing();
    }, settings.heartbeatMs / 2);
    feed.want(name);
    load(topic);
    return topic;
  };

  const loaded = async (topic: Topic): Promise<Topic> => {
    while (topic.loading !== undefined) await topic.loading;
    return topic;
  };

  /** Before a cursor is called newer than the log the engine is asked: this node's ring may only be late. */
  const readThrough = async (topic: Topic, cursor: Cursor | undefined): Promise<Topic> => {
    // A read that was under way may have asked before the cursor's message was there.
    await loaded(topic);
    if (isServable(topic, cursor)) return topic;
    const { e, top } = await engine.read(topic.name, cursor, 1);
    if (e !== topic.log.e || top !== topic.log.top) load(topic);
    return loaded(topic);
  };

  const verify = async (): Promise<void> => {
    // What a topic stood at before asking: an answer that is older than the feed is no rollback.
    const before = new Map<string, Cursor>();
    for (const { name, readers, log } of topics.values())
      if (readers.size > 0) before.set(name, { e: log.e, o: log.top });
    const found = await engine.lineage();
    const isOther = lineage !== undefined && lineage !== found;
    lineage = found;
    if (isOther) for (const topic of topics.values()) if (topic.loading === undefined) load(topic);
    if (isOther || before.size === 0) return;
    const tops = await engine.tops([...before.keys()]);
    for (const [name, top] of tops) {
      const topic = topics.get(name);
      const stood = before.get(name);
      if (topic && stood && topic.loading === undefined && hasMoved(topic, stood, top)) load(topic);
    }
  };
  const comparing = () => void verify().catch((error: unknown) => onError(error, "comparing tops"));

  /** Whoever returns to an evicted topic with a cursor hears of the gap: its next epoch is greater. */
  const evict = (topic: Topic) => {
    topics.delete(topic.name);
    feed.drop(topic.name);
    Promise.resolve(engine.forget(topic.name)).catch((error: unknown) => onError(error, `forgetting ${topic.name}`));
  };

  /** An answer that goes beyond this node's ring shows that the ring is late. */
  const keepUp = (topic: Topic, page: LogPage | undefined): LogPage | undefined => {
    const { e, top } = topic.log;
    const isLate = page && (page.e > e || (page.e === e && page.top > top));
    if (isLate && topic.loading === undefined) load(topic);
    return page;
  };

  const sweep = () => {
    for (const topic of topics.values()) {
      topic.trim(now());
      if (topic.readers.size > 0) topic.idleSince = undefined;
      else topic.idleSince ??= now();
      const isIdle = topic.idleSince !== undefined && now() - topic.idleSince >= settings.idleTopicMs;
      if (isIdle && !topic.isKept) evict(topic);
    }
  };

  return {
    history(topic, cursor) {
      const page = reads.after(topic, cursor);
      return page instanceof Promise ? page.then((later) => keepUp(topic, later)) : keepUp(topic, page);
    },
    find: (name) => topics.get(name),
    reach(name, cursor) {
      const topic = topics.get(name) ?? open(name);
      // Its first reading failed: nobody knows yet where it stands.
      if (!topic.isFilled && topic.loading === undefined) load(topic);
      return topic.loading === undefined && isServable(topic, cursor) ? topic : readThrough(topic, cursor);
    },
    sweep,
    verify: comparing,
    use: (name) => topics.get(name) ?? open(name),
    release(topic) {
      const isNeeded = topic.isKept || topic.readers.size > 0 || topic.log.top > 0;
      if (isNeeded || topics.get(topic.name) !== topic) return;
      topics.delete(topic.name);
      feed.drop(topic.name);
    },
    get size() {
      return topics.size;
    },
    close() {
      clearInterval(timer);
      feed.close();
      topics.clear();
    },
  };
}

/** True where the engine need not be asked. What is older than the ring its reader asks for, page by page. */
function isServable({ log }: Topic, cursor: Cursor | undefined): boolean {
  return !cursor || (cursor.e === log.e && cursor.o <= log.top);
}

/** True when the engine's log is not where this node's ring stood: it went on, began anew, or lost its newest messages. */
function hasMoved({ log }: Topic, stood: Cursor, top: Cursor): boolean {
  return top.e > log.e || (top.e === log.e && (top.o > log.top || (stood.e === top.e && top.o < stood.o)));
}
