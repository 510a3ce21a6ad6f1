import type { TidewireError } from "@tidewire/wire";
import type { ConnectionOptions } from "../connection/options.ts";

/** How a client keeps its one line, and what it does with what cannot go up. */
export interface SessionOptions extends Omit<ConnectionOptions, "lastEventId" | "end" | "ping" | "pingMs" | "pongMs"> {
  /** While the line is down: "reject" sends at once (default), or "queue" them until it is back. */
  readonly whileDown?: "reject" | "queue" | undefined;
  /** The most messages that wait for the hub's word. Default 1000. */
  readonly queueMessages?: number | undefined;
  /** The most bytes that wait. Default 1 048 576. */
  readonly queueBytes?: number | undefined;
  /**
   * How long a send may wait for the hub's word, in milliseconds: then it rejects with `unconfirmed`, because nobody knows
   * whether it was done (it goes on to be done once at most), or with `send-dropped` when it never went up. Default 30 000;
   * `Infinity` waits for ever.
   */
  readonly sendTimeoutMs?: number | undefined;
  /** How long a call may wait for its answer, in milliseconds. Default 30 000. */
  readonly callTimeoutMs?: number | undefined;
  /** The period of liveness that is asked of the hub, in milliseconds, 5000 to 60 000. Default: the hub's own, 10 000. */
  readonly heartbeatMs?: number | undefined;
  /** Told of each error that the client survives. Default: the console. */
  readonly onError?: ((error: TidewireError) => void) | undefined;
  /** What `client.cursor()` gave on an earlier page: reading goes on from there. */
  readonly cursor?: string | undefined;
}
