import type { Entry } from "./engine.ts";

/**
 * One open line, as an adapter gives it to the hub.
 *
 * An adapter MUST NOT buffer beyond what its socket does: once `write` said false it is asked for nothing more until it
 * calls {@link LineEvents.ready}. It MUST call {@link LineEvents.closed} exactly once when the line is gone, whoever ended it.
 */
export interface Line {
  /** Hands bytes over. They are shared with other lines: never change them. False: no more until `ready`. */
  write(bytes: Uint8Array): boolean;
  /** Called at every half period. The line keeps itself warm, and hangs up when the other side is gone. */
  beat(): void;
  /** Hangs up, with a Tidewire or WebSocket close code for the wires that carry one. Calling it twice is harmless. */
  close(code: number, reason: string): void;
}

/** What a line tells the hub. */
export interface LineEvents {
  /** There is room again after a `write` that said false. */
  ready(): void;
  /** One message came up the line. The adapter SHOULD read no further until the promise is done. It never rejects. */
  received(text: string): Promise<void>;
  closed(): void;
}

/** What a form may call a topic: by name, or by a number that is short and the same for all readers of the node. */
export interface TopicName {
  readonly name: string;
  readonly number: number;
}

/** How entries become bytes on one kind of line. One constant object per kind: what it encoded is shared by its object. */
export interface Form {
  /** Unique among the forms of a process. */
  readonly name: string;
  /** Text of one message. `id` is the reader's vector after it, and "" where `needsId` is false. */
  message(topic: TopicName, entry: Entry, id: string): string;
  /** Text that says a gap; undefined when this wire has no word for it, and the line must close instead. */
  gap(gap: Gap, id: string): string | undefined;
  /** Text that says that history was replayed, where this wire has a word for it. */
  live?(topic: string, o: number): string;
  /** Text that says where a reader stands, without a message; absent where the wire has no word for it. */
  place?(id: string): string;
  /** True when messages carry the reader's vector. */
  readonly needsId: boolean;
  /** Frames texts for the wire: one write for all of them. */
  seal(texts: readonly string[]): Uint8Array;
  /** Makes one write of several that `seal` gave. */
  join(sealed: readonly Uint8Array[]): Uint8Array;
}

/** History that a reader can no longer have. */
export interface Gap {
  readonly topic: string;
  /** The epoch that goes on after the gap. */
  readonly e: number;
  /** The reader's offset before the gap. */
  readonly from: number;
  /** The offset after which messages follow again. */
  readonly to: number;
  readonly why: GapReason;
}

/**
 * Why history is gone: trimmed by retention, a new epoch of which the beginning is gone too, a log that went back, or a reader
 * slower than retention; or more was asked for than may be replayed ("limit"). "restart" says less: a new epoch follows from its first message on, and nobody can tell whether the
 * reader had seen all of the one before.
 */
export type GapReason = "trimmed" | "epoch" | "restart" | "rollback" | "slow" | "limit";
