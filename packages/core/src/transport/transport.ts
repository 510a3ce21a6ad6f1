import type { Payload, TidewireError } from "@tidewire/wire";
import type { Uplink, UplinkOptions, UplinkTimers } from "./uplink.ts";

/**
 * One way to carry messages. It opens lines; it knows nothing of retries, topics or state.
 *
 * A transport MUST report through {@link LineEvents} only what its one line did, and MUST call `closed` when the line
 * ends by itself. Who is told so calls `close()`, as at any other end: what the line still holds is given back there. What
 * a line says after its `closed`, or after `close()`, is heard by nobody.
 */
export interface Transport<L extends Line = Line> {
  /** What the line leads to, for messages: `sse https://…`. */
  readonly name: string;
  /** Streams with the same key share one connection. Undefined: never shared (a body, or an address made anew at each dial). */
  readonly key: string | undefined;
  /** What else two streams of one key must agree on: the transport's own options. */
  readonly settings: object;
  /** False when a line that was cut must not be dialled again: a request with a body and no way to resume. */
  readonly canRedial: boolean;
  /** How much silence means death where the stream does not say, in milliseconds. Undefined: the connection learns it. */
  readonly silenceMs: number | undefined;
  /** Opens one line. MUST NOT throw for what the network does. */
  open(dial: Dial, events: LineEvents): L;
  /** The way up of one stream, over whichever line is open. Undefined: messages only come down. */
  uplink?(options: UplinkOptions, timers: UplinkTimers, line: () => L | undefined): Uplink;
}

/** What one dial knows. */
export interface Dial {
  /** The id of the last message that was handed on, or "" when there is none to resume from. */
  readonly lastEventId: string;
  /** What `auth` gave for this dial. */
  readonly token: string | undefined;
}

/** What a line tells its connection. */
export interface LineEvents {
  /** The other side accepted: messages may follow. True while they are history that is replayed. */
  opened(isReplaying?: boolean): void;
  /** What follows is new: the replay is done. */
  caughtUp(): void;
  /**
   * Bytes came, of any kind. Called for every chunk, so it must be cheap. Once more with true where they were a mere
   * sign of life (an SSE comment).
   */
  alive(isHeartbeat?: boolean): void;
  /** One message. `type` is "message" where the wire has no types; `id` is "" where it has no ids. */
  message(payload: Payload, type: string, id: string): void;
  /** The place to resume from moved: before the message that moved it, or without one (an SSE block of an id alone). */
  resumeAt(id: string): void;
  /** The server named its base delay between dials (SSE `retry:`). */
  retryHint(ms: number): void;
  /** The line is gone, by itself. */
  closed(end: LineEnd): void;
}

/** How a line ended by itself. Nothing of it: a clean end, after which another dial may find more. */
export interface LineEnd {
  /**
   * What ended it. Another dial follows, unless the error is final; after `unauthenticated` one follows once, with
   * fresh credentials, where there are any.
   */
  readonly error?: TidewireError | undefined;
  /** What the server asked to wait before the next dial, in milliseconds. */
  readonly afterMs?: number | undefined;
  /** The server said that there is no more, and never will be (HTTP 204). */
  readonly isOver?: boolean | undefined;
  /**
   * Somebody answered the dial, but wrongly. After the stream was open once that is a deploy, a balancer or a captive
   * portal more often than the last word, so that a final error is not taken for final.
   */
  readonly isAnswer?: boolean | undefined;
}

/** One open transport, from dial to hang-up. */
export interface Line {
  /** Hangs up at once, whatever is going on. Calling it twice is harmless. */
  close(): void;
}

/** A line with a way up. */
export interface TwoWayLine extends Line {
  /** Bytes accepted but not yet handed to the network. */
  readonly bufferedAmount: number;
  /** Hands one message over. */
  send(payload: Sendable): void;
}

/** What a line with a way up takes. */
export type Sendable = string | ArrayBuffer | Blob | ArrayBufferView<ArrayBuffer>;
