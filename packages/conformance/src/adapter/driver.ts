import type { Readable } from "node:stream";
import type { Hub } from "@tidewire/server";

/** One answer. Its body is read when it is read: a body that nobody touches is a slow reader. */
export interface Answer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Readable;
  /** Hangs up, as a client does that closes its page. */
  abort(): void;
}

/** What is asked. */
export interface Ask {
  readonly method?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
}

/** A hub that is served under `/realtime`. */
export interface Serving {
  /** What a page of this server has as its origin. */
  readonly origin: string;
  ask(path: string, ask?: Ask): Promise<Answer>;
  stop(): Promise<void>;
}

/** One way to serve a hub over HTTP, to be held to the adapter suite. */
export interface AdapterDriver {
  readonly name: string;
  /** Serves `hub` under `/realtime` on a free port, open to the pages of `origins`. */
  start(hub: Hub, origins: readonly string[]): Promise<Serving>;
}
