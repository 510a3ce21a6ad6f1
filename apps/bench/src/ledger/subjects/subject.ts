import type { Server } from "node:http";

/** What a client under test tells. */
export interface Told {
  open(): void;
  lost(): void;
  gap(): void;
  message(topic: string, n: number): void;
}

/** A server that can be stopped and put onto another port's server again, and clients for it, each with its defaults. */
export interface LedgerSubject {
  /** Serves on this server until `stop`. What it is allowed to keep across restarts it keeps. */
  start(server: Server): void;
  stop(): Promise<void>;
  publish(topic: string, n: number): void;
  /** Connects a client. Gives how to close it. */
  open(url: string, topics: readonly string[], told: Told): () => void;
}
