import type { Server } from "node:http";
import type { Message } from "./messages.ts";

/** A server under test: everything that is published reaches every reader. */
export interface Subject {
  /** Publishes to all readers. Several calls in one turn are one burst. */
  publish(message: Message): void;
  /** From here on returning readers get what is published; gives the cursor that they return with. */
  retain(): Promise<string>;
  /** Lines, topics and sessions, where the subject can tell. */
  stats?(): Readonly<Record<string, number>>;
  /** Lets its clock go by, where it has one of its own. */
  pass?(ms: number): void;
}

/** Puts a subject onto a server, with signs of life at this period where it gives them. */
export type Serve = (server: Server, heartbeatMs: number) => Subject;

/** Longer than any benchmark: heartbeats of the one must not disturb the measuring of the other. */
export const NO_HEARTBEAT_MS = 3_600_000;
