import { JetStreamApiError } from "@nats-io/jetstream";
import { RequestError, TimeoutError } from "@nats-io/nats-core";
import type { Appended, AppendOptions, Engine, Feed, FeedEvents, LogPage } from "@tidewire/server";
import { type Cursor, TidewireError } from "@tidewire/wire";
import { Appending } from "./appending.ts";
import { Epochs } from "./epochs.ts";
import { failure } from "./failure.ts";
import { Feeds } from "./feeds.ts";
import { Lifeline } from "./lifeline.ts";
import { type Names, namesOf, tokenOf } from "./names.ts";
import type { Settings } from "./options.ts";
import { liveEntry, Reading } from "./reading.ts";
import { ANSWER_MS, openSession, type Session } from "./streams.ts";

/** Topics are asked for so many at a time. */
const TOPS_AT_ONCE = 500;

/** One node's way to its logs in JetStream. */
export class NatsEngine implements Engine {
  readonly #names: Names;
  readonly #epochs: Epochs;
  readonly #feeds: Feeds;
  readonly #appending: Appending;
  readonly #lifeline: Lifeline;
  #isClosed = false;

  constructor(settings: Settings) {
    const names = namesOf(settings.name);
    this.#names = names;
    this.#epochs = new Epochs(
      names,
      (token) => this.#appending.forget(token),
      (isMadeAnew) => {
        this.#appending.reset();
        // The server never answers what it was asked of a stream that was deleted meanwhile.
        if (isMadeAnew) this.#lifeline.renew();
      },
    );
    this.#feeds = new Feeds(names, (message) => {
      const entry = liveEntry(message, (e) => this.#epochs.of(e));
      if (entry) this.#epochs.saw(entry.o, entry.id);
      return entry;
    });
    this.#appending = new Appending(
      names,
      this.#epochs,
      () => this.#lifeline.reach(),
      () => this.#lifeline.session,
      settings.maxWaiting,
    );
    this.#lifeline = new Lifeline(names.pulseOf(crypto.randomUUID()), {
      connect: settings.connect,
      open: async (nc) => {
        const session = await openSession(nc, names, settings);
        this.#appending.reset();
        this.#epochs.listen(session);
        await this.#epochs.lineage(session);
        return session;
      },
      up: (session) => this.#feeds.up(session),
      down: () => this.#feeds.down(),
      onError: settings.onError,
    });
  }

  append(topic: string, payload: string, options: AppendOptions): Promise<Appended> {
    return this.#ask(() => this.#appending.append(topic, payload, options));
  }

  read(topic: string, after: Cursor | undefined, limit: number): Promise<LogPage> {
    return this.#with(async (session) => {
      const reading = new Reading(session, this.#names, tokenOf(topic));
      const newest = await reading.newest();
      if (!newest) return { e: this.#epochs.next, min: 0, top: 0, entries: [] };
      const e = this.#epochs.of(newest.mark?.e ?? 0);
      const from = after?.e === e ? after.o : 0;
      const { min, entries } = await reading.after(from, newest, Math.max(1, limit), e);
      return { e, min, top: Math.max(newest.o, entries.at(-1)?.o ?? 0), entries };
    });
  }

  tops(topics: readonly string[]): Promise<ReadonlyMap<string, Cursor>> {
    return this.#with(async (session) => {
      const tops = new Map<string, Cursor>();
      for (let start = 0; start < topics.length; start += TOPS_AT_ONCE) {
        const asked = topics.slice(start, start + TOPS_AT_ONCE).map(async (topic) => {
          const newest = await new Reading(session, this.#names, tokenOf(topic)).newest();
          const { next } = this.#epochs;
          tops.set(topic, newest ? { e: this.#epochs.of(newest.mark?.e ?? 0), o: newest.o } : { e: next, o: 0 });
        });
        await Promise.all(asked);
      }
      return tops;
    });
  }

  feed(events: FeedEvents): Feed {
    return this.#feeds.open(events);
  }

  lineage(): Promise<string> {
    return this.#with(async (session) => {
      try {
        return await this.#epochs.lineage(session);
      } catch (error) {
        // Somebody deleted a stream: a new connection makes it anew.
        if (error instanceof JetStreamApiError && error.status === 404) this.#lifeline.renew();
        throw error;
      }
    });
  }

  forget(topic: string): Promise<void> {
    return this.#with(async (session) => {
      const token = tokenOf(topic);
      if (this.#feeds.wants(topic) || (await isWanted(session, this.#names.liveOf(token)))) return;
      if (!(await new Reading(session, this.#names, token).newest())) return;
      // Before the messages go: whoever begins the topic anew begins a greater epoch.
      await this.#epochs.forget(session, token);
      await session.jsm.streams.purge(this.#names.log, { filter: this.#names.logOf(token) });
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#feeds.close();
    this.#lifeline.close();
  }

  #with<T>(run: (session: Session) => Promise<T>): Promise<T> {
    return this.#ask(async () => run(await this.#lifeline.reach()));
  }

  async #ask<T>(run: () => Promise<T>): Promise<T> {
    if (this.#isClosed) throw new TidewireError("not-open", "The engine is closed.");
    try {
      return await run();
    } catch (error) {
      throw failure(error);
    }
  }
}

/** True where another node is subscribed. The server itself says that nobody is. */
async function isWanted({ nc }: Session, subject: string): Promise<boolean> {
  try {
    await nc.request(subject, undefined, { timeout: ANSWER_MS });
    return true;
  } catch (error) {
    if (error instanceof RequestError && error.isNoResponders()) return false;
    if (error instanceof TimeoutError) return true;
    throw error;
  }
}
