import type { Appended, AppendOptions, Engine, Entry, Feed, FeedEvents, LogPage } from "@tidewire/server";
import { type Cursor, TidewireError } from "@tidewire/wire";
import type { Commands, Connections, Subscriber } from "./clients/connections.ts";
import { failure } from "./failure.ts";
import { KeptOpen } from "./kept-open.ts";
import { channelOf, keysOf, onceKey, topicOf } from "./names.ts";
import { Pulse } from "./pulse.ts";
import { Scripting } from "./scripting.ts";
import { APPEND, FORGET, READ } from "./scripts.ts";
import { Subscriptions } from "./subscriptions.ts";

/** What the engine was told, complete. */
export interface RedisSettings {
  readonly name: string;
  readonly idempotencyMs: number;
  readonly metaMs: number;
  readonly onError: (error: TidewireError) => void;
}

/** Tops that are asked for at once. */
const TOPS = 5000;

/** The oldest Redis whose scripts and cluster do what is needed. Valkey answers with the Redis that it continues. */
const OLDEST = 7;

/** Hubs' logs in Redis: a stream and a meta hash per topic, changed by one script, told by publish. */
export class RedisEngine implements Engine {
  readonly #settings: RedisSettings;
  readonly #feeds = new Set<{ readonly events: FeedEvents; readonly wanted: Set<string> }>();
  readonly #commands: KeptOpen<Commands>;
  readonly #subscriber: KeptOpen<Subscriber>;
  readonly #scripting: Scripting;
  readonly #subscriptions: Subscriptions;
  readonly #pulse: Pulse;
  /** The greatest epoch that was seen: none may be below it, whatever the server's clock does. */
  #floor = 0;
  #state: "up" | "down" = "down";

  constructor(connections: Connections, settings: RedisSettings) {
    this.#settings = settings;
    const failed = (error: unknown) => settings.onError(failure(error));
    const changed = () => this.#changed();
    this.#commands = new KeptOpen<Commands>({
      dial: (ended) => connections.commands(ended),
      prepare: async (commands) => checkVersion(await commands.sendToAll(["INFO", "server"])),
      changed,
      failed,
    });
    this.#scripting = new Scripting(this.#commands);
    this.#subscriptions = new Subscriptions((error) => {
      failed(error);
      this.#subscriber.replace();
    });
    const own = channelOf(`${settings.name}:probe`, crypto.randomUUID());
    this.#subscriptions.want(own);
    this.#pulse = new Pulse({
      probe: () => this.#scripting.send(["PUBLISH", own, ""]),
      silent: () => {
        settings.onError(new TidewireError("silent", "Redis answers, but tells nothing: the engine subscribes anew."));
        this.#subscriber.replace();
      },
    });
    this.#subscriber = new KeptOpen<Subscriber>({
      dial: async (ended) => {
        await this.#commands.first; // A cluster's subscriber asks it for a node.
        return connections.subscriber((channel, text) => this.#heard(channel, text), ended);
      },
      prepare: (subscriber) => this.#subscriptions.begin(subscriber),
      changed,
      failed,
    });
  }

  async append(topic: string, payload: string, options: AppendOptions): Promise<Appended> {
    const { name, idempotencyMs, metaMs } = this.#settings;
    const { idempotencyKey, retainMessages, retainBytes, retainMs } = options;
    const keys: string[] = keysOf(name, topic);
    if (idempotencyKey !== undefined) keys.push(onceKey(name, topic, idempotencyKey));
    const isForEver = !Number.isFinite(retainMs);
    const args = [
      payload,
      String(Math.min(retainMessages, Number.MAX_SAFE_INTEGER)),
      String(Math.min(retainBytes, Number.MAX_SAFE_INTEGER)),
      isForEver ? "" : String(Math.ceil(retainMs)),
      String(isForEver ? metaMs : Math.max(metaMs, Math.ceil(retainMs * 2))),
      String(idempotencyMs),
      channelOf(name, topic),
      String(this.#floor),
    ];
    const [e, o, duplicate] = (await this.#scripting.run(APPEND, keys, args, payload.length)) as number[];
    return { ...this.#seen(e, o), duplicate: duplicate === 1 };
  }

  async read(topic: string, after: Cursor | undefined, limit: number): Promise<LogPage> {
    await this.#told();
    const [e, min, top, ...rest] = await this.#ask(topic, after, limit);
    const cursor = this.#seen(e as number, top as number);
    const entries: Entry[] = [];
    for (let at = 0; at < rest.length; at += 3) {
      const [o, appendedAt, payload] = rest.slice(at, at + 3) as [number, number, string];
      entries.push({ e: cursor.e, o, p: o - 1, payload, at: appendedAt });
    }
    return { e: cursor.e, min: Number(min), top: cursor.o, entries };
  }

  async tops(topics: readonly string[]): Promise<ReadonlyMap<string, Cursor>> {
    await this.#told();
    const tops = new Map<string, Cursor>();
    for (let at = 0; at < topics.length; at += TOPS) {
      const some = topics.slice(at, at + TOPS);
      const answers = await Promise.all(some.map((topic) => this.#ask(topic, undefined, 0)));
      for (const [index, [e, , top]] of answers.entries()) {
        tops.set(some[index] as string, this.#seen(e as number, top as number));
      }
    }
    return tops;
  }

  feed(events: FeedEvents): Feed {
    const wanted = new Set<string>();
    const feed = { events, wanted };
    this.#feeds.add(feed);
    const channel = (topic: string) => channelOf(this.#settings.name, topic);
    const drop = (topic: string) => {
      if (wanted.delete(topic)) this.#subscriptions.drop(channel(topic));
    };
    return {
      want: (topic) => {
        if (wanted.has(topic)) return;
        wanted.add(topic);
        this.#subscriptions.want(channel(topic));
      },
      drop,
      close: () => {
        this.#feeds.delete(feed);
        for (const topic of [...wanted]) drop(topic);
      },
    };
  }

  async lineage(): Promise<string> {
    const told = await this.#scripting.sendToAll(["INFO", "replication"]);
    return told
      .map((info) => /master_replid:(\w+)/.exec(String(info))?.[1] ?? "")
      .sort()
      .join(" ");
  }

  async forget(topic: string): Promise<void> {
    const { name, metaMs } = this.#settings;
    const channel = channelOf(name, topic);
    if (this.#subscriptions.isWanted(channel)) return;
    await this.#subscriptions.settled();
    const told = (await this.#scripting.sendToAll(["PUBSUB", "NUMSUB", channel])) as unknown[];
    if (told.some((answer) => countOf(answer) > 0)) return;
    await this.#scripting.run(FORGET, keysOf(name, topic), [String(metaMs), String(this.#floor)]);
  }

  close(): void {
    this.#feeds.clear();
    this.#pulse.close();
    this.#scripting.close();
    this.#subscriber.close();
    this.#commands.close();
  }

  /** What is told from now on must not be missed: first the subscription, then the reading. */
  async #told(): Promise<void> {
    await this.#subscriber.first;
    await this.#subscriptions.settled();
  }

  #ask(topic: string, after: Cursor | undefined, limit: number): Promise<(number | string)[]> {
    const { name, metaMs } = this.#settings;
    const count = Math.min(Math.max(0, Math.floor(limit)), Number.MAX_SAFE_INTEGER);
    const args = [after?.e ?? 0, after?.o ?? 0, count, metaMs, this.#floor].map(String);
    return this.#scripting.run(READ, keysOf(name, topic), args) as Promise<(number | string)[]>;
  }

  #seen(e: number | undefined, o: number | undefined): Cursor {
    const cursor = { e: Number(e), o: Number(o) };
    this.#floor = Math.max(this.#floor, cursor.e);
    return cursor;
  }

  #heard(channel: string, text: string): void {
    this.#pulse.heard();
    const topic = topicOf(this.#settings.name, channel);
    const first = text.indexOf(":");
    const second = text.indexOf(":", first + 1);
    const third = text.indexOf(":", second + 1);
    if (first < 1 || third === -1) return; // the engine's own probe
    const { e, o } = this.#seen(Number(text.slice(0, first)), Number(text.slice(first + 1, second)));
    const entry: Entry = { e, o, p: o - 1, payload: text.slice(third + 1), at: Number(text.slice(second + 1, third)) };
    for (const { events, wanted } of this.#feeds) if (wanted.has(topic)) events.entry(topic, entry);
  }

  /** Up is the way as a whole: hubs read anew when everything that they want is told again, and can be read. */
  #changed(): void {
    if (!this.#subscriber.now) this.#subscriptions.end();
    else this.#pulse.restart();
    const state = this.#commands.now && this.#subscriber.now ? "up" : "down";
    if (state === this.#state) return;
    this.#state = state;
    for (const { events } of this.#feeds) events.state(state);
  }
}

/** The answer to NUMSUB is a list, or a map where the client makes one of it. */
function countOf(answer: unknown): number {
  const values = Array.isArray(answer) ? answer : Object.values(answer ?? {});
  return Number(values.at(-1) ?? 0);
}

function checkVersion(told: readonly unknown[]): void {
  for (const info of told) {
    const version = /redis_version:(\d+)[^\s]*/.exec(String(info));
    if (version && Number(version[1]) >= OLDEST) continue;
    const found = version ? version[0].replace("redis_version:", "") : "another server";
    throw new TidewireError("network", `The engine needs Redis 7 or Valkey 7.2 or newer, this is ${found}.`);
  }
}
