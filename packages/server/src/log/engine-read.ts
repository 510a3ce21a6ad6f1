import type { Cursor } from "@tidewire/wire";
import type { Awaitable, Engine, LogPage } from "../engine.ts";
import type { Topic } from "./topic.ts";

/** How many messages one read beyond the ring asks for. */
const HISTORY_MESSAGES = 128;

/**
 * The newest stretch of a log, at least `limit` messages where there are as many: from the oldest, which is nearly always the
 * whole of it, and where the engine keeps more than the ring does, on from near the top. An engine that answers at once is never waited for.
 */
export function readNewest(engine: Engine, name: string, limit: number): Awaitable<LogPage> {
  const onward = (page: LogPage): Awaitable<LogPage> => {
    const last = page.entries.at(-1);
    if (!last || last.o >= page.top) return page;
    const next = engine.read(name, { e: page.e, o: Math.max(last.o, page.top - limit) }, limit);
    return next instanceof Promise ? next.then(onward) : onward(next);
  };
  const first = engine.read(name, undefined, limit);
  return first instanceof Promise ? first.then(onward) : onward(first);
}

/** Reads beyond the rings: one read for all readers who stand at the same place. */
export class HistoryReads {
  readonly #engine: Engine;
  readonly #onError: (error: unknown, where: string) => void;
  /** Bounded by the lines: each asks for one place at a time. */
  readonly #running = new Map<string, Promise<LogPage | undefined>>();

  constructor(engine: Engine, onError: (error: unknown, where: string) => void) {
    this.#engine = engine;
    this.#onError = onError;
  }

  /** What the engine has after `cursor`; undefined when it failed, which was said. Never rejects. */
  after(topic: Topic, { e, o }: Cursor): Awaitable<LogPage | undefined> {
    const key = `${topic.number}|${e}|${o}`;
    const running = this.#running.get(key);
    if (running !== undefined) return running;
    try {
      const page = this.#engine.read(topic.name, { e, o }, HISTORY_MESSAGES);
      if (!(page instanceof Promise)) return page;
      const asked = page.catch((error: unknown) => this.#failed(topic, error)).finally(() => this.#running.delete(key));
      this.#running.set(key, asked);
      return asked;
    } catch (error) {
      return this.#failed(topic, error);
    }
  }

  #failed(topic: Topic, error: unknown): undefined {
    this.#onError(error, `reading the history of ${topic.name}`);
  }
}
