import type { Codec } from "@tidewire/wire";

/** How values go up, and what happens to those that cannot go at once. */
export interface UplinkOptions {
  /** How payloads become values and back. Default: JSON. */
  readonly codec?: Codec<unknown, unknown> | undefined;
  /** While the line is down: "reject" at once (default), or "queue" until it is back. */
  readonly whileDown?: "reject" | "queue" | undefined;
  /** The most messages that wait. Default 1000. */
  readonly queueMessages?: number | undefined;
  /** The most bytes that wait. Default 1 048 576. */
  readonly queueBytes?: number | undefined;
  /** How long a message may wait for a line, in milliseconds. Default 30 000. */
  readonly queueAgeMs?: number | undefined;
  /** Which message is given up when the queue is full: the one that waited longest, or the new one (default). */
  readonly queueDrop?: "oldest" | "newest" | undefined;
  /** Above so many bytes not yet on the network, sends wait. Default 65 536. */
  readonly highWaterMark?: number | undefined;
}

/** As much of a clock as an uplink needs. */
export interface UplinkTimers {
  now(): number;
  after(ms: number, run: () => void): () => void;
}

/** The way up of one stream, across its lines. */
export interface Uplink {
  /** Encodes a value; resolves when it was handed over. A volatile one that cannot go at once is dropped in silence. */
  send(value: unknown, isVolatile: boolean | undefined): Promise<void>;
  /** The line came or went; `isOver` when no further one will come. */
  lineChanged(isOver: boolean): void;
}
