import { CloseCode, TidewireError } from "@tidewire/wire";
import { createCore, type HubCore, type Life, type Published } from "./core.ts";
import { type DrainOptions, sendAway } from "./drain.ts";
import { encodeData } from "./encode-data.ts";
import type { Awaitable, Retention } from "./engine.ts";
import type { Counters } from "./events.ts";
import { type Feeding, feedFrom, type Source } from "./feed.ts";
import type { CallHandler, HubHandler, TopicHandler } from "./inbox.ts";
import { Fold, type TopicState } from "./log/fold.ts";
import type { SlowPolicy } from "./log/policy.ts";
import { keptState, type StateAt, stateBetween } from "./log/state.ts";
import { checkTopicName } from "./log/topics.ts";
import { atLeast, type HubOptions, resolveOptions } from "./options.ts";

export type { HubCore, Published } from "./core.ts";

/** How long the application's handlers may take to end what they are at, when the hub closes. */
const SETTLING_MS = 2000;

/** Options of one `publish`. */
export interface PublishOptions {
  /** A second publish with the same key adds nothing and gives the first one's cursor. */
  readonly idempotencyKey?: string | undefined;
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
  /** Keeps what all messages come to, for `getState`. Where the hub restarts on an engine, it begins with the messages that the engine has. */
  readonly state?: TopicState | undefined;
  /** True lets Tidewire clients publish to this topic as they please, within `authorize`. Default false. */
  readonly clientPublish?: boolean | undefined;
}

/** One topic with its types: what is published, and what comes up. */
export interface HubTopic<Out = unknown, In = Out> {
  readonly name: string;
  publish(data: Out, options?: PublishOptions): Promise<Published>;
  /** {@link Hub.getState} */
  getState<State>(load?: () => Awaitable<State>): Promise<StateAt<State>>;
  /** Takes what clients send to this topic. Gives back how to stop. */
  onMessage(handler: TopicHandler<In>): () => void;
}

/** What a hub holds now, and what it did since it was made. */
export interface HubStats extends Readonly<Counters> {
  /** Open lines, also those that have yet to say hello. */
  readonly lines: number;
  /** Lines that are read, by kind: "websocket", "sse", "poll". */
  readonly linesBy: Readonly<Record<string, number>>;
  /** How many messages the reader that is furthest behind lags. */
  readonly maxLag: number;
  /** True from `drain` or `close` on: no new line is taken. */
  readonly isDraining: boolean;
  readonly topics: number;
  /** Sessions of Tidewire clients, a minute beyond their last line. */
  readonly sessions: number;
}

/**
 * Topics as logs, read by any number of lines. What gives a promise fails by that promise alone, whatever the reason; what
 * gives none throws `option-invalid` at once.
 */
export interface Hub {
  /**
   * Appends to a topic's log; lines hear of it within this turn. It never throws: the promise rejects with `option-invalid`
   * for a bad name, `message-invalid` for data that JSON has no word for (undefined, NaN, Infinity, a circle), `not-open`
   * once the hub is closed, and with what the engine failed with. Each is told to `onError`, once, so that a promise that
   * nobody awaits never ends the process.
   */
  publish(topic: string, data: unknown, options?: PublishOptions): Promise<Published>;
  /** A topic with its own retention and types. It stays, also with nobody reading it. */
  topic<Out = unknown, In = Out>(name: string, options?: TopicOptions): HubTopic<Out, In>;
  /**
   * Publishes what an Observable or an async iterable gives, until it ends, is stopped, or the hub closes. `done` rejects for
   * a bad name, a hub that is closed, a source that failed, and data that JSON has no word for; `onError` hears of it, once.
   */
  feed<T>(topic: string, source: Source<T>): Feeding;
  /**
   * A first value and the cursor to read on from, so that a page or a server render joins without a race. Without `load` it is
   * what the topic's option `state` keeps, and exact. With `load` it is what that gives: every message up to the cursor is in
   * it if you change what `load` reads before you publish; no message came while it was loaded, or `isExact` is false. Rejects with what `load` rejects with.
   */
  getState<State>(topic: string, load?: () => Awaitable<State>): Promise<StateAt<State>>;
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

/** Makes a hub. Throws `option-invalid` for options that cannot work. */
export function createHub(options: HubOptions = {}): Hub {
  const settings = resolveOptions(options);
  const { engine, onError } = settings;
  const life: Life = { isDraining: false, isClosing: false };
  const core = createCore(settings, life);
  const feeds = new Set<Feeding>();
  let draining: Promise<void> | undefined;
  let closing: Promise<void> | undefined;

  const close = async () => {
    life.isDraining = true;
    life.isClosing = true;
    for (const feeding of feeds) feeding.stop();
    core.flush(); // What was published before is part of what lines are owed.
    // What came up before is done to its end: to its sender it would have failed otherwise, and not be another node's to do.
    await Promise.all([core.lines.closeAll(1012, "the server restarts"), core.sessions.settle(SETTLING_MS)]);
    core.stop();
    core.topics.close();
    await engine.close();
  };

  const checkOpen = (): void => {
    if (life.isClosing) throw new TidewireError("not-open", "The hub is closed.", { isFinal: true });
  };
  /** MAY throw: for the name, for the data, for a hub that is closed. */
  const append = (name: string, data: unknown, idempotencyKey?: string): Promise<Published> => {
    checkTopicName(name);
    const payload = encodeData(data, `The message to ${name}`);
    checkOpen();
    return core.append(name, payload, idempotencyKey);
  };
  /** Tells what a promise rejects with, so that nobody has to wait for it. */
  const told = <T>(promise: Promise<T>, where: string): Promise<T> => {
    promise.catch((error: unknown) => onError(error, where));
    return promise;
  };

  const publish = (name: string, data: unknown, { idempotencyKey }: PublishOptions = {}): Promise<Published> =>
    told(
      attempt(() => append(name, data, idempotencyKey)),
      `publishing to ${name}`,
    );

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
      if (topicOptions.state)
        topic.keepState(new Fold(topicOptions.state, (error) => onError(error, `the state of ${name}`)));
      return {
        name,
        getState: (load) => hub.getState(name, load),
        publish: (data, publishOptions) => publish(name, data, publishOptions),
        onMessage: (handler) => core.inbox.onTopic(name, handler as TopicHandler),
      };
    },
    feed(name, source) {
      const where = `the feed of ${name}`;
      const check = () => {
        checkTopicName(name);
        checkOpen();
      };
      const publishing = {
        check,
        publish: (value: unknown) => append(name, value),
        onError: (error: unknown) => onError(error, where),
      };
      const feeding = feedFrom(source, publishing);
      feeds.add(feeding);
      told(feeding.done, where).then(
        () => feeds.delete(feeding),
        () => feeds.delete(feeding),
      );
      return feeding;
    },
    async getState<State>(name: string, load?: () => Awaitable<State>): Promise<StateAt<State>> {
      checkTopicName(name);
      checkOpen();
      return load ? stateBetween(engine, name, load) : (keptState(core.topics, name) as Promise<StateAt<State>>);
    },
    onMessage: (handler) => core.inbox.onAny(handler),
    onCall: (method, handler) => core.inbox.onCall(method, handler as CallHandler),
    stats: () => statsOf(core),
    drain(drainOptions = {}) {
      life.isDraining = true;
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

function statsOf({ roster, lines, topics, sessions, gauges, life }: HubCore): HubStats {
  const linesBy: Record<string, number> = {};
  let maxLag = 0;
  for (const { transport, lag } of roster) {
    linesBy[transport] = (linesBy[transport] ?? 0) + 1;
    maxLag = Math.max(maxLag, lag);
  }
  const { counters } = gauges;
  const { isDraining } = life;
  return { lines: lines.size, linesBy, maxLag, isDraining, topics: topics.size, sessions: sessions.size, ...counters };
}

function retentionOf(options: TopicOptions, base: Retention): Retention {
  return {
    retainMessages: atLeast(0, "retainMessages", options.retainMessages ?? base.retainMessages),
    retainBytes: atLeast(0, "retainBytes", options.retainBytes ?? base.retainBytes),
    retainMs: atLeast(0, "retainMs", options.retainMs ?? base.retainMs),
  };
}

/** What it throws at once as the rejection that it would be a moment later. */
function attempt<T>(start: () => Promise<T>): Promise<T> {
  try {
    return start();
  } catch (error) {
    return Promise.reject(error);
  }
}
