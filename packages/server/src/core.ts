import { CloseCode, type Cursor, TidewireError } from "@tidewire/wire";
import { type Access, createAccess, type Refused } from "./access.ts";
import type { Awaitable } from "./engine.ts";
import { createGauges, type Gauges } from "./events.ts";
import { createInbox, type Inbox } from "./inbox.ts";
import { createLines, type Lines } from "./lines.ts";
import { createPages, type Pages } from "./log/pages.ts";
import type { Due, ReaderHost } from "./log/reader-host.ts";
import type { Topic } from "./log/topic.ts";
import { createTopics, type Topics } from "./log/topics.ts";
import type { HubSettings } from "./options.ts";
import { createRoster, type Roster } from "./roster.ts";
import { type Bounds, createBounds } from "./session/bounds.ts";
import { createSessions, type Sessions } from "./session/sessions.ts";
import { createTurn } from "./turn.ts";

/** Bytes of encoded pages that are kept to be shared. */
const SHARED_PAGES_BYTES = 4 * 1_048_576;

/** Where a message came to stand: epoch `e`, offset `o`. */
export interface Published extends Cursor {
  /** True when the idempotency key was known: nothing was added. */
  readonly duplicate: boolean;
}

/** How far a hub is on its way out. */
export interface Life {
  /** No new line is taken. */
  isDraining: boolean;
  /** Nothing is taken any more. */
  isClosing: boolean;
}

/** The inside of a hub, for adapters and protocols. */
export interface HubCore extends ReaderHost {
  readonly settings: HubSettings;
  readonly life: Readonly<Life>;
  readonly topics: Topics;
  readonly lines: Lines;
  readonly roster: Roster;
  readonly gauges: Gauges;
  readonly inbox: Inbox;
  readonly pages: Pages;
  readonly access: Access;
  readonly sessions: Sessions;
  readonly bounds: Bounds;
  /** Appends JSON text. MAY reject. */
  append(topic: string, payload: string, idempotencyKey?: string): Promise<Published>;
  /** A topic to be read after `cursor`, or why not. Never rejects. */
  open(name: string, cursor: Cursor | undefined): Awaitable<Topic | Refused>;
  /** Writes at once what this turn would write. */
  flush(): void;
  /** Ends the turns, and all that runs by a timer. */
  stop(): void;
  /** Why no further line is taken, if so. */
  refusal(): string | undefined;
}

/** Puts the inside of a hub together. */
export function createCore(settings: HubSettings, life: Readonly<Life>): HubCore {
  let due: Due[] = [];
  const changed = new Set<Topic>();
  const flush = () => {
    const woken = [...changed];
    changed.clear();
    for (const topic of woken) topic.wakeReaders();
    const now = due;
    due = [];
    for (const reader of now) {
      reader.isDue = false;
      reader.pump();
    }
    for (const topic of woken) topic.trim(settings.now());
  };
  const turn = createTurn(flush);
  const topics = createTopics(settings, (topic: Topic) => {
    changed.add(topic);
    // A pause must not cost a fast line its history.
    if (topic.isBrimful) flush();
    else turn.wake();
  });
  const sessions = createSessions(settings);
  const lines = createLines(settings.heartbeatMs);
  const gauges = createGauges(settings.onEvent, settings.onError);
  const unreadable = (name: string, error: unknown): Refused => {
    settings.onError(error, `opening topic ${name}`);
    // Engines fail by the same class: they are away, which passes.
    const isFull = error instanceof TidewireError && error.code === "refused";
    return { code: isFull ? CloseCode.rateLimited : CloseCode.engineUnavailable, msg: "this topic cannot be read now" };
  };
  return {
    settings,
    life,
    topics,
    lines,
    gauges,
    roster: createRoster(lines, gauges, settings.now),
    inbox: createInbox(),
    sessions,
    bounds: createBounds(settings),
    access: createAccess(settings.authenticate, settings.authorize, settings.onError, settings.now),
    async append(name, payload, idempotencyKey) {
      const topic = topics.use(name);
      gauges.counters.published += 1;
      return settings.engine.append(name, payload, { ...topic.log.retention, idempotencyKey });
    },
    open(name, cursor) {
      try {
        const topic = topics.reach(name, cursor);
        return topic instanceof Promise ? topic.catch((error: unknown) => unreadable(name, error)) : topic;
      } catch (error) {
        return unreadable(name, error);
      }
    },
    pages: createPages(SHARED_PAGES_BYTES),
    history: (topic, cursor) => topics.history(topic, cursor),
    soon(reader) {
      if (reader.isDue) return;
      reader.isDue = true;
      due.push(reader);
      turn.wake();
    },
    flush,
    stop() {
      turn.stop();
      sessions.close();
    },
    refusal() {
      if (life.isDraining) return "the server restarts";
      return lines.size >= settings.maxLines ? "the server is full" : undefined;
    },
  };
}
