import type { TidewireError } from "@tidewire/wire";
import type { Clock } from "../connection/clock.ts";
import type { Message } from "./stream.ts";

/** One who reads. */
export interface Reader<In> {
  /** Only messages of this type; undefined for all. */
  readonly type: string | undefined;
  /** True to be told whole messages; else their data alone. */
  readonly wantsWhole?: boolean | undefined;
  /** Told of each message, and of the end of the stream: completed, or failed with an error. */
  readonly to: {
    next(value: In | Message<In>): void;
    error(error: TidewireError): void;
    complete(): void;
  };
}

/** Where a message stands, in words when it is asked for them. */
export interface Place {
  toString(): string;
}

/** Everybody who reads one stream, and the moment it lives on after the last one left. */
export interface Readers<In> {
  readonly isActive: boolean;
  /** The returned function leaves; calling it twice is harmless. */
  join(reader: Reader<In>): () => void;
  /** True when somebody wants messages of this type: only then is one worth decoding. */
  want(type: string): boolean;
  /** Hands one message to all who want its type. The whole message, and the text of its id, are made only when somebody looks. */
  tell(data: In, type: string, id: string | Place, topic?: string): void;
  /** The stream is over for all of them. */
  end(error: TidewireError | undefined): void;
}

/** Makes the readers of one stream. `rest` is called when nobody has read for `lingerMs`. */
export function createReaders<In>(clock: Clock, rest: () => void, lingerMs = 1000): Readers<In> {
  /** Replaced, never changed, so that a reader who leaves or comes during a message does not disturb the round. */
  let all: readonly Reader<In>[] = [];
  let cancelLinger: (() => void) | undefined;

  function stopLinger(): void {
    cancelLinger?.();
    cancelLinger = undefined;
  }
  function restNow(): void {
    stopLinger();
    rest();
  }

  return {
    get isActive() {
      return all.length > 0 || !!cancelLinger;
    },
    join(reader) {
      stopLinger();
      all = [...all, reader];
      return () => {
        if (!all.includes(reader)) return;
        all = all.filter((other) => other !== reader);
        if (all.length > 0) return;
        if (lingerMs) cancelLinger = clock.after(lingerMs, restNow);
        else restNow();
      };
    },
    want: (wanted) => all.some(({ type = wanted }) => type === wanted),
    tell(data, type, id, topic) {
      let whole: Message<In> | undefined;
      for (const { type: wanted = type, wantsWhole, to } of all) {
        if (wanted !== type) continue;
        if (wantsWhole) whole ??= { data, type, id: `${id}`, topic };
        to.next(wantsWhole ? (whole as Message<In>) : data);
      }
    },
    end(error) {
      stopLinger();
      const readers = all;
      all = [];
      for (const { to } of readers) error ? to.error(error) : to.complete();
    },
  };
}
