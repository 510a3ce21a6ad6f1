import type { Cursor } from "@tidewire/wire";
import type { Awaitable, LogPage } from "../engine.ts";
import type { Gauges } from "../events.ts";
import type { Pages } from "./pages.ts";
import type { Topic } from "./topic.ts";

/** What is to be read on within a turn. */
export interface Due {
  /** True while it is in the hub's list for this turn. */
  isDue: boolean;
  pump(): void;
}

/** What a reader needs of its hub. */
export interface ReaderHost {
  readonly pages: Pages;
  /** Asks for a `pump` in this turn. */
  soon(reader: Due): void;
  /** What the engine has after `cursor`, for a reader that this node's ring no longer reaches back to; undefined when it failed. */
  history(topic: Topic, cursor: Cursor): Awaitable<LogPage | undefined>;
  readonly gauges: Gauges;
}

/** Who is asked before a line is given something. A hub without locks has none. */
export interface ReaderGuard {
  /** False once the credentials have ended: nothing more is delivered. */
  mayDeliver(): boolean;
  /** Whether a topic may still be read; asked before each further page of its history. Where not, it has been let go of. */
  mayReplay(topic: Topic): Awaitable<boolean>;
}
