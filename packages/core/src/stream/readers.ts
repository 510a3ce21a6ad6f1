import type { TidewireError } from "@tidewire/wire";
import type { Clock } from "../connection/clock.ts";
import type { Message } from "./stream.ts";

/** One who reads. */
export interface Reader<In> {
  /** Only messages of this type; undefined for all. */
  readonly type: string | undefined;
  /** True to be told whole messages, false for their data. */
  readonly wantsWhole: boolean;
  /** Told of each message, and of the end of the stream: completed, or failed with an error. */
  readonly to: {
    next(value: In | Message<In>): void;
    error(error: TidewireError): void;
    complete(): void;
  };
}

/** Everybody who reads one stream, and the moment it lives on after the last one left. */
export class Readers<In> {
  /** Replaced, never changed, so that a reader who leaves or comes during a message does not disturb the round. */
  #all: readonly Reader<In>[] = [];
  #cancelLinger: (() => void) | undefined;
  readonly #clock: Clock;
  readonly #lingerMs: number;
  readonly #rest: () => void;

  /** `rest` is called when nobody has read for `lingerMs`. */
  constructor(clock: Clock, lingerMs: number | undefined, rest: () => void) {
    this.#clock = clock;
    this.#lingerMs = lingerMs ?? 1000;
    this.#rest = rest;
  }

  get isActive(): boolean {
    return this.#all.length > 0 || this.#cancelLinger !== undefined;
  }

  /** The returned function leaves; calling it twice is harmless. */
  join(reader: Reader<In>): () => void {
    this.#stopLinger();
    this.#all = [...this.#all, reader];
    return () => {
      if (!this.#all.includes(reader)) return;
      this.#all = this.#all.filter((other) => other !== reader);
      if (this.#all.length === 0) this.#linger();
    };
  }

  /** True when somebody wants messages of this type: only then is one worth decoding. */
  want(type: string): boolean {
    for (const reader of this.#all) if (reader.type === undefined || reader.type === type) return true;
    return false;
  }

  /** Hands one message to all who want its type. The whole message is made only when somebody looks at it. */
  tell(data: In, type: string, id: string | (() => string), topic: string | undefined): void {
    let whole: Message<In> | undefined;
    for (const { type: wanted, wantsWhole, to } of this.#all) {
      if (wanted !== undefined && wanted !== type) continue;
      if (wantsWhole) whole ??= { data, type, id: typeof id === "string" ? id : id(), topic };
      to.next(wantsWhole ? (whole as Message<In>) : data);
    }
  }

  /** The stream is over for all of them. */
  end(error: TidewireError | undefined): void {
    this.#stopLinger();
    const readers = this.#all;
    this.#all = [];
    for (const { to } of readers) error ? to.error(error) : to.complete();
  }

  #linger(): void {
    const rest = (): void => {
      this.#cancelLinger = undefined;
      this.#rest();
    };
    if (this.#lingerMs === 0) return rest();
    this.#cancelLinger = this.#clock.after(this.#lingerMs, rest);
  }

  #stopLinger(): void {
    this.#cancelLinger?.();
    this.#cancelLinger = undefined;
  }
}
