import type { Readable } from "node:stream";
import type { Published } from "@tidewire/server";

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

/** What the suite may ask of a hub that may live in another process. */
export interface ServedHub {
  publish(topic: string, data: unknown): Promise<Published>;
  onMessage(topic: string, handler: (data: unknown) => void): Promise<void>;
  /** How many lines are open. */
  lines(): Promise<number>;
  close(): Promise<void>;
}

/** How the hub is made: what can be told to another process. */
export interface ServedOptions {
  readonly heartbeatMs?: number;
  readonly retainBytes?: number;
  readonly maxInboundChars?: number;
  /** True refuses whoever asks. */
  readonly letsNobodyIn?: boolean;
  /** Lets in whoever asks until this moment, in milliseconds since 1970. */
  readonly credentialsEndAt?: number;
  readonly maxInboundPerSecond?: number;
  readonly sessionsPerPrincipal?: number;
}

/** A server that can be asked. */
export interface Serving {
  /** What a page of this server has as its origin. */
  readonly origin: string;
  ask(path: string, ask?: Ask): Promise<Answer>;
  stop(): Promise<void>;
}

/** One way to serve a hub over HTTP, to be held to the adapter suite. */
export interface AdapterDriver {
  readonly name: string;
  /** Serves a new hub under `/realtime` on a free port, open to the pages of `origins`. */
  start(options: ServedOptions, origins: readonly string[]): Promise<Serving & { readonly hub: ServedHub }>;
  /** Ends what served all of them. */
  stop?(): Promise<void>;
}
