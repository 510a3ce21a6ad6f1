import { CloseCode, type Cursor, encodeJson, TidewireError } from "@tidewire/wire";
import { type Access, createAccess, type Refused } from "./access.ts";
import { type DrainOptions, sendAway } from "./drain.ts";
import type { Retention } from "./engine.ts";
import { type Counters, createGauges, type Gauges } from "./events.ts";
import { type Feeding, feedFrom, type Source } from "./feed.ts";
import { type CallHandler, createInbox, type HubHandler, type Inbox, type TopicHandler } from "./inbox.ts";
import { createLines, type Lines } from "./lines.ts";
import { createPages, type Pages } from "./log/pages.ts";
import type { SlowPolicy } from "./log/policy.ts";
import type { Reader, ReaderHost } from "./log/reader.ts";
import type { Topic } from "./log/topic.ts";
import { checkTopicName, createTopics, type Topics } from "./log/topics.ts";
import { atLeast, type HubOptions, type HubSettings, resolveOptions } from "./options.ts";
import { createRoster, type Roster } from "./roster.ts";
import { createSessions, type Sessions } from "./session/sessions.ts";
import { createTurn } from "./turn.ts";

/** Bytes of encoded pages that are kept to be shared. */
const SHARED_PAGES_BYTES = 4 * 1_048_576;

/** Options of one `publish`. */
export interface PublishOptions {
  /** A second publish with the same key adds nothing and gives the first one's cursor. */
  readonly idempotencyKey?: string | undefined;
}

/** Where a message came to stand: epoch `e`, offset `o`. */
export interface Published extends Cursor {
  /** True when the idempotency key was known: nothing was added. */
  readonly duplicate: boolean;
}

/** What one topic keeps; the hub's own options are the defaults. */
export interface TopicOptions {
  /** Messages of history. */
  readonly retainMessages?: number | undefined;
  /** Characters of history. */
  readonly retainBytes?: number | undefined;
  /** How long history is kept, in milliseconds. */
  readonly retainMs?: number | undefined;
  /** What becomes of a reader that fell behind; every skip is said as a gap. Default "replay". */
  readonly slow?: SlowPolicy | undefined;
  /** For "dropOldest" and "close": how many messages a reader may lag. Default 100. */
  readonly maxLag?: number | undefined;
  /** True lets Tidewire clients publish to this topic as they please, within `authorize`. Default false. */
  readonly clientPublish?: boolean | undefined;
}

/** One topic with its types: what is published, and what comes up. */
export interface HubTopic<Out = unknown, In = Out> {
  readonly name: string;
  publish(data: Out, options?: PublishOptions): Promise<Published>;
  /** Takes what clients send to this topic. Gives back how to stop. */
  onMessage(handler: TopicHandler<In>): () => void;
}

/** What a hub holds now, and what it did since it was made. */
export interface HubStats extends Readonly<Counters> {
  /** Open lines, also those that have yet to say hello. */
  readonly lines: number;
  /** Lines that are read, by kind: "websocket", "sse", "poll". */
  readonly linesBy: Readonly<Record<string, number>>;
  /** True from `drain` or `close` on: no new line is taken. */
  readonly isDraining: boolean;
  readonly topics: number;
  /** Sessions of Tidewire clients, a minute beyond their last line. */
  readonly sessions: number;
}

/** Topics as logs, read by any number of lines. */
export interface Hub {
  /**
   * Appends to a topic's log; lines hear of it within this turn. Throws `option-invalid` for a bad name or data that JSON
   * has no word for. A failing engine rejects the promise and is also told to `onError`, so it may be left unawaited.
   */
  publish(topic: string, data: unknown, options?: PublishOptions): Promise<Published>;
  /** A topic with its own retention and types. It stays, also with nobody reading it. */
  topic<Out = unknown, In = Out>(name: string, options?: TopicOptions): HubTopic<Out, In>;
  /** Publishes what an Observable or an async iterable gives, until it ends, is stopped, or the hub closes. */
  feed<T>(topic: string, source: Source<T>): Feeding;
  /** Takes what clients send to any topic. Gives back how to stop. */
  onMessage(handler: HubHandler): () => void;
  /** Answers the calls of Tidewire clients to `method`. Gives back how to stop. */
  onCall<In = unknown, Result = unknown>(method: string, handler: CallHandler<In, Result>): () => void;
  /**
   * For a deploy: takes no new line (503 with Retry-After), asks Tidewire clients to hand over at moments spread over the
   * time, ends plain lines one by one so that they dial again, and closes when all are gone, or a moment before the deadline.
   * Publishing goes on until then.
   */
  drain(options?: DrainOptions): Promise<void>;
  /**
   * Ends all lines of a principal at once, by its id: Tidewire clients ask for fresh credentials once, WebSockets close with
   * 4401, event streams dial again. `authenticate` must refuse from now on. Gives the number of lines that were ended here;
   * where several hubs share an engine, each is to be told.
   */
  revoke(principalId: string): number;
  /** Ends all lines so that clients return (SSE ends, WebSocket 1012) and lets go of everything. Done when all are gone. */
  close(): Promise<void>;
  /** What is held right now. */
  stats(): HubStats;
  /** What adapters build on. */
  readonly core: HubCore;
}

/** The inside of a hub, for adapters and protocols. */
export interface HubCore extends ReaderHost {
  readonly settings: HubSettings;
  readonly topics: Topics;
  readonly lines: Lines;
  readonly roster: Roster;
  readonly gauges: Gauges;
  readonly inbox: Inbox;
  readonly pages: Pages;
  readonly access: Access;
  readonly sessions: Sessions;
  /** Appends JSON text. MAY reject. */
  append(topic: string, payload: string, idempotencyKey?: string): Promise<Published>;
  /** A topic to be read after `cursor`, or why not. Never rejects. */
  open(name: string, cursor: Cursor | undefined): Promise<Topic | Refused>;
  /** Writes at once what this turn would write. */
  flush(): void;
  /** Ends the turns. */
  stop(): void;
  /** Why no further line is taken, if so. */
  refusal(): string | undefined;
}

/** Makes a hub. Throws `option-invalid` for options that cannot work. */
export function createHub(options: HubOptions = {}): Hub {
  const settings = resolveOptions(options);
  const { engine, onError } = settings;
  const core = createCore(settings, () => isDraining);
  const feeds = new Set<Feeding>();
  let isDraining = false;
  let isClosing = false;
  let draining: Promise<void> | undefined;
  let closing: Promise<void> | undefined;

  const close = async () => {
    isDraining = true;
    isClosing = true;
    for (const feeding of feeds) feeding.stop();
    core.flush(); // What was published before is part of what lines are owed.
    await core.lines.closeAll(1012, "the server restarts");
    core.stop();
    core.topics.close();
    await engine.close();
  };

  const publish = (name: string, data: unknown, { idempotencyKey }: PublishOptions = {}): Promise<Published> => {
    checkTopicName(name);
    const payload = encodeJson(data);
    if (isClosing) return refuse("The hub is closed.");
    const published = core.append(name, payload, idempotencyKey);
    published.catch((error: unknown) => onError(error, `publishing to ${name}`));
    return published;
  };

  const hub: Hub = {
    publish,
    topic<Out, In>(name: string, topicOptions: TopicOptions = {}): HubTopic<Out, In> {
      checkTopicName(name);
      const topic = core.topics.use(name);
      topic.isKept = true;
      topic.log.retention = retentionOf(topicOptions, topic.log.retention);
      topic.policy = topicOptions.slow ?? topic.policy;
      topic.maxLag = atLeast(1, "maxLag", topicOptions.maxLag ?? topic.maxLag);
      topic.takesPublishes = topicOptions.clientPublish ?? topic.takesPublishes;
      return {
        name,
        publish: (data, publishOptions) => publish(name, data, publishOptions),
        onMessage: (handler) => core.inbox.onTopic(name, handler as TopicHandler),
      };
    },
    feed(name, source) {
      checkTopicName(name);
      const feeding = feedFrom(source, (value) => publish(name, value));
      feeds.add(feeding);
      feeding.done
        .catch((error: unknown) => onError(error, `the feed of ${name}`))
        .finally(() => feeds.delete(feeding));
      return feeding;
    },
    onMessage: (handler) => core.inbox.onAny(handler),
    onCall: (method, handler) => core.inbox.onCall(method, handler as CallHandler),
    stats: () => statsOf(core, isDraining),
    drain(drainOptions = {}) {
      isDraining = true;
      draining ??= sendAway(core, drainOptions).then(() => hub.close());
      return draining;
    },
    revoke(principalId) {
      core.access.revoke(principalId);
      return core.roster.revoke(principalId, CloseCode.unauthenticated, "the credentials were revoked");
    },
    close() {
      closing ??= close();
      return closing;
    },
    core,
  };
  return hub;
}

function statsOf({ roster, lines, topics, sessions, gauges }: HubCore, isDraining: boolean): HubStats {
  const linesBy: Record<string, number> = {};
  for (const { transport } of roster) linesBy[transport] = (linesBy[transport] ?? 0) + 1;
  const { counters } = gauges;
  return { lines: lines.size, linesBy, isDraining, topics: topics.size, sessions: sessions.size, ...counters };
}

function createCore(settings: HubSettings, isDraining: () => boolean): HubCore {
  const due: Reader[] = [];
  const changed = new Set<Topic>();
  const flush = () => {
    for (const topic of changed) topic.wakeReaders();
    changed.clear();
    for (const reader of due.splice(0)) {
      reader.isDue = false;
      reader.pump();
    }
  };
  const turn = createTurn(flush);
  const topics = createTopics(settings, (topic: Topic) => {
    changed.add(topic);
    // A pause must not cost a fast line its history.
    if (topic.isBrimful) flush();
    else turn.wake();
  });
  const sessions = createSessions(settings.maxLines, settings.now);
  const lines = createLines(settings.heartbeatMs, () => {
    sessions.sweep();
    topics.sweep();
    topics.verify();
  });
  const gauges = createGauges(settings.onEvent, settings.onError);
  return {
    settings,
    topics,
    lines,
    gauges,
    roster: createRoster(lines, gauges, settings.now),
    inbox: createInbox(),
    sessions,
    access: createAccess(settings.authenticate, settings.authorize, settings.onError),
    async append(name, payload, idempotencyKey) {
      const topic = topics.use(name);
      gauges.counters.published += 1;
      return settings.engine.append(name, payload, { ...topic.log.retention, idempotencyKey });
    },
    async open(name, cursor) {
      try {
        return await topics.reach(name, cursor);
      } catch (error) {
        settings.onError(error, `opening topic ${name}`);
        const isFull = error instanceof TidewireError;
        return {
          code: isFull ? CloseCode.rateLimited : CloseCode.engineUnavailable,
          msg: "this topic cannot be read now",
        };
      }
    },
    pages: createPages(SHARED_PAGES_BYTES),
    soon(reader) {
      if (reader.isDue) return;
      reader.isDue = true;
      due.push(reader);
      turn.wake();
    },
    flush,
    stop: () => turn.stop(),
    refusal() {
      if (isDraining()) return "the server restarts";
      return lines.size >= settings.maxLines ? "the server is full" : undefined;
    },
  };
}

function retentionOf(options: TopicOptions, base: Retention): Retention {
  return {
    retainMessages: atLeast(0, "retainMessages", options.retainMessages ?? base.retainMessages),
    retainBytes: atLeast(0, "retainBytes", options.retainBytes ?? base.retainBytes),
    retainMs: atLeast(0, "retainMs", options.retainMs ?? base.retainMs),
  };
}

async function refuse(message: string): Promise<never> {
  throw new TidewireError("not-open", message);
}
