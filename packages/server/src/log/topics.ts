import { type Cursor, isTopicName, MAX_TOPIC_LENGTH, optionInvalid, TidewireError } from "@tidewire/wire";
import type { Awaitable, Entry, LogPage } from "../engine.ts";
import type { HubSettings } from "../options.ts";
import { Topic } from "./topic.ts";

/** The topics of one node, kept in step with the engine. */
export interface Topics {
  /** The topic of this name, made when it is new. Throws `refused` when there are too many. */
  use(name: string): Topic;
  find(name: string): Topic | undefined;
  /** The topic once it stands as the engine has it, and goes back as far as `cursor` where the engine does. MAY reject. */
  reach(name: string, cursor: Cursor | undefined): Awaitable<Topic>;
  /** Lets old messages go by age, and topics that were neither read nor published for `idleTopicMs`. */
  sweep(): void;
  /** Compares all topics with the engine's tops, and reads on where one fell behind. */
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
  const { engine, now, onError, maxTopics } = settings;
  const topics = new Map<string, Topic>();

  const fill = (topic: Topic, page: LogPage) => {
    topic.loading = undefined;
    topic.fill(page, now());
    onChange(topic);
  };

  /** Reads the topic anew. An engine that answers at once is never waited for. */
  const load = (topic: Topic) => {
    const page: Awaitable<LogPage> = engine.read(topic.name, undefined, topic.log.retention.retainMessages);
    if (!(page instanceof Promise)) return fill(topic, page);
    topic.loading = page.then(
      (later) => fill(topic, later),
      (error: unknown) => {
        topic.loading = undefined;
        onError(error, `reading topic ${topic.name}`);
        throw error;
      },
    );
    topic.loading.catch(() => {}); // Said above; who waits for the topic hears it too.
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
    const topic = new Topic(name, settings);
    topics.set(name, topic);
    feed.want(name);
    load(topic);
    return topic;
  };

  /** Before a gap is said the engine is asked: this node's ring may only be shorter, or late. */
  const readThrough = async (topic: Topic, cursor: Cursor): Promise<Topic> => {
    const { log } = topic;
    const { e, min, top } = await engine.read(topic.name, cursor, 1);
    const isInStep = e === log.e && top === log.top && min >= log.min;
    if (!isInStep) load(topic);
    await topic.loading;
    return topic;
  };

  const compare = async (): Promise<void> => {
    const tops = await engine.tops([...topics.keys()]);
    for (const [name, { e, o }] of tops) {
      const topic = topics.get(name);
      const isBehind =
        topic && topic.loading === undefined && (e > topic.log.e || (e === topic.log.e && o > topic.log.top));
      if (isBehind) load(topic);
    }
  };

  /** Whoever returns to an evicted topic with a cursor hears of the gap: its next epoch is greater. */
  const evict = (topic: Topic) => {
    topics.delete(topic.name);
    feed.drop(topic.name);
    Promise.resolve(engine.forget(topic.name)).catch((error: unknown) => onError(error, `forgetting ${topic.name}`));
  };

  return {
    find: (name) => topics.get(name),
    reach(name, cursor) {
      const topic = topics.get(name) ?? open(name);
      const { log, loading } = topic;
      if (loading !== undefined) return loading.then(() => topic);
      const isServable = !cursor || (cursor.e === log.e && cursor.o >= log.min && cursor.o <= log.top);
      return isServable ? topic : readThrough(topic, cursor);
    },
    sweep() {
      for (const topic of topics.values()) {
        topic.log.trim(now());
        if (topic.readers.size > 0) topic.idleSince = undefined;
        else topic.idleSince ??= now();
        const isIdle = topic.idleSince !== undefined && now() - topic.idleSince >= settings.idleTopicMs;
        if (isIdle && !topic.isKept) evict(topic);
      }
    },
    verify() {
      compare().catch((error: unknown) => onError(error, "comparing tops"));
    },
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
      feed.close();
      topics.clear();
    },
  };
}
