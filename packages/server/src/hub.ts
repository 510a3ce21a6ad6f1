import { type Cursor, encodeJson, TidewireError } from "@tidewire/wire";
import type { Appended, Retention } from "./engine.ts";
import { createInbox, type HubHandler, type Inbox, type TopicHandler } from "./inbox.ts";
import { createLines, type Lines } from "./lines.ts";
import { createPages, type Pages } from "./log/pages.ts";
import type { Reader, ReaderHost } from "./log/reader.ts";
import type { Topic } from "./log/topic.ts";
import { checkTopicName, createTopics, type Topics } from "./log/topics.ts";
import { atLeast, type HubOptions, type HubSettings, resolveOptions } from "./options.ts";
import { createTurn } from "./turn.ts";

/** Characters and bytes of encoded pages that are kept to be shared. */
const SHARED_PAGES_BYTES = 8 * 1_048_576;

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
}

/** One topic with its types: what is published, and what comes up. */
export interface HubTopic<Out = unknown, In = Out> {
  readonly name: string;
  publish(data: Out, options?: PublishOptions): Promise<Published>;
  /** Takes what clients send to this topic. Gives back how to stop. */
  onMessage(handler: TopicHandler<In>): () => void;
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
  /** Takes what clients send to any topic. Gives back how to stop. */
  onMessage(handler: HubHandler): () => void;
  /** Ends all lines so that clients return (SSE ends, WebSocket 1012) and lets go of everything. Done when all are gone. */
  close(): Promise<void>;
  /** What adapters build on. */
  readonly core: HubCore;
}

/** The inside of a hub, for adapters and protocols. */
export interface HubCore extends ReaderHost {
  readonly settings: HubSettings;
  readonly topics: Topics;
  readonly lines: Lines;
  readonly inbox: Inbox;
  readonly pages: Pages;
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
  const core = createCore(settings, () => isClosing);
  let isClosing = false;

  const publish = (name: string, data: unknown, { idempotencyKey }: PublishOptions = {}): Promise<Published> => {
    checkTopicName(name);
    const payload = encodeJson(data);
    if (isClosing) return refuse("The hub is closed.");
    const topic = core.topics.use(name);
    const published = settle(() => engine.append(name, payload, { ...topic.log.retention, idempotencyKey }));
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
      return {
        name,
        publish: (data, publishOptions) => publish(name, data, publishOptions),
        onMessage: (handler) => core.inbox.onTopic(name, handler as TopicHandler),
      };
    },
    onMessage: (handler) => core.inbox.onAny(handler),
    async close() {
      isClosing = true;
      core.flush(); // What was published before is part of what lines are owed.
      await core.lines.closeAll(1012, "the server restarts");
      core.stop();
      core.topics.close();
      await engine.close();
    },
    core,
  };
  return hub;
}

function createCore(settings: HubSettings, isClosing: () => boolean): HubCore {
  const due: Reader[] = [];
  const flush = () => {
    for (const reader of due.splice(0)) {
      reader.isDue = false;
      reader.pump();
    }
  };
  const turn = createTurn(flush);
  const topics = createTopics(settings, (topic: Topic) => {
    for (const reader of topic.readers) reader.wake(topic);
  });
  const lines = createLines(settings.heartbeatMs);
  return {
    settings,
    topics,
    lines,
    inbox: createInbox(),
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
      if (isClosing()) return "the server restarts";
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

async function settle(append: () => Appended | Promise<Appended>): Promise<Published> {
  return append();
}

async function refuse(message: string): Promise<never> {
  throw new TidewireError("not-open", message);
}
