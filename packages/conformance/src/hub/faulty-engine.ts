import {
  type Appended,
  type AppendOptions,
  type Awaitable,
  type Engine,
  type Entry,
  type FeedEvents,
  type LogPage,
  memory,
} from "@tidewire/server";
import type { Cursor } from "@tidewire/wire";

/** What one node was fed and has not taken yet. */
interface Inbox {
  readonly events: FeedEvents;
  readonly wanted: Set<string>;
  readonly waiting: [topic: string, entry: Entry][];
}

/** Makes the engine underneath: each time anew where it is in memory, on what there was where it is not. */
export type StartEngine = (now: () => number) => Engine;

/** An engine whose feeds are late and lossy, and that can be started anew. Several hubs share it. */
export class FaultyEngine implements Engine {
  /** True loses the next entry on its way to a node. */
  loses: () => boolean = () => false;
  readonly inboxes: Inbox[] = [];
  #inner: Engine;
  readonly #now: () => number;
  readonly #startInner: StartEngine;

  constructor(now: () => number, startInner: StartEngine = (clock) => memory({ now: clock })) {
    this.#now = now;
    this.#startInner = startInner;
    this.#inner = this.#start();
  }

  append(topic: string, payload: string, options: AppendOptions): Awaitable<Appended> {
    return this.#inner.append(topic, payload, options);
  }

  read(topic: string, after: Cursor | undefined, limit: number) {
    return this.#inner.read(topic, after, limit);
  }

  tops(topics: readonly string[]) {
    return this.#inner.tops(topics);
  }

  /** What is kept now, beyond the nodes' own question. */
  kept(): LogPage {
    return this.#inner.read(TOPIC, undefined, 1) as LogPage;
  }

  lineage() {
    return this.#inner.lineage();
  }

  forget(topic: string) {
    return this.#inner.forget(topic);
  }

  feed(events: FeedEvents) {
    const inbox: Inbox = { events, wanted: new Set(), waiting: [] };
    this.inboxes.push(inbox);
    return {
      want: (topic: string) => void inbox.wanted.add(topic),
      drop: (topic: string) => void inbox.wanted.delete(topic),
      close: () => void inbox.wanted.clear(),
    };
  }

  /** Hands a node the next entry that waits for it. */
  deliver(node: number): void {
    const inbox = this.inboxes[node];
    const next = inbox?.waiting.shift();
    if (next) inbox?.events.entry(...next);
  }

  /** The way to a node breaks and comes back: what was on it is lost. */
  reconnect(node: number): void {
    const inbox = this.inboxes[node];
    if (!inbox) return;
    inbox.waiting.length = 0;
    inbox.events.state("down");
    inbox.events.state("up");
  }

  /** The engine ends and begins again: one in memory loses everything it had, and opens a new epoch. */
  restart(): void {
    void this.#inner.close();
    this.#inner = this.#start();
    for (const node of this.inboxes.keys()) this.reconnect(node);
  }

  close() {
    return this.#inner.close();
  }

  #start(): Engine {
    const inner = this.#startInner(this.#now);
    const feed = inner.feed({
      entry: (topic, entry) => {
        for (const inbox of this.inboxes) {
          if (inbox.wanted.has(topic) && !this.loses()) inbox.waiting.push([topic, entry]);
        }
      },
      state() {},
    });
    feed.want(TOPIC);
    return inner;
  }
}

/** The one topic of this world. */
export const TOPIC = "t";
