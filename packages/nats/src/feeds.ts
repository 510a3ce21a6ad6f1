import type { Msg, Subscription } from "@nats-io/nats-core";
import type { Entry, Feed, FeedEvents } from "@tidewire/server";
import { type Names, tokenOf } from "./names.ts";
import type { Session } from "./streams.ts";

/** What the feeds of this node want, as one subscription a topic. */
export class Feeds {
  readonly #names: Names;
  readonly #read: (message: Msg) => Entry | undefined;
  readonly #feeds = new Set<{ readonly events: FeedEvents; readonly wanted: Set<string> }>();
  readonly #subscriptions = new Map<string, Subscription>();
  #session: Session | undefined;

  constructor(names: Names, read: (message: Msg) => Entry | undefined) {
    this.#names = names;
    this.#read = read;
  }

  open(events: FeedEvents): Feed {
    const feed = { events, wanted: new Set<string>() };
    this.#feeds.add(feed);
    const drop = (topic: string) => {
      if (feed.wanted.delete(topic) && !this.wants(topic)) this.#unsubscribe(topic);
    };
    return {
      want: (topic) => {
        feed.wanted.add(topic);
        if (!this.#subscriptions.has(topic)) this.#subscribe(topic);
      },
      drop,
      close: () => {
        this.#feeds.delete(feed);
        for (const topic of feed.wanted) drop(topic);
      },
    };
  }

  wants(topic: string): boolean {
    for (const { wanted } of this.#feeds) if (wanted.has(topic)) return true;
    return false;
  }

  /** Subscribes to everything that is wanted, anew. Then hubs compare. */
  up(session: Session): void {
    this.#session = session;
    this.#subscriptions.clear();
    const wanted = new Set([...this.#feeds].flatMap((feed) => [...feed.wanted]));
    for (const topic of wanted) this.#subscribe(topic);
    for (const { events } of this.#feeds) events.state("up");
  }

  down(): void {
    this.#session = undefined;
    this.#subscriptions.clear();
    for (const { events } of this.#feeds) events.state("down");
  }

  close(): void {
    this.#feeds.clear();
    this.#subscriptions.clear();
    this.#session = undefined;
  }

  #subscribe(topic: string): void {
    if (!this.#session) return;
    const callback = (error: Error | null, message: Msg) => {
      if (!error) this.#take(topic, message);
    };
    this.#subscriptions.set(topic, this.#session.nc.subscribe(this.#names.liveOf(tokenOf(topic)), { callback }));
  }

  #unsubscribe(topic: string): void {
    this.#subscriptions.get(topic)?.unsubscribe();
    this.#subscriptions.delete(topic);
  }

  #take(topic: string, message: Msg): void {
    // Whoever would forget a topic asks who wants it: an answer is enough.
    if (message.reply && !message.headers) return void message.respond();
    const entry = this.#read(message);
    if (!entry) return;
    for (const { events, wanted } of this.#feeds) if (wanted.has(topic)) events.entry(topic, entry);
  }
}
