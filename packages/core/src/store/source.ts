import { TidewireError } from "@tidewire/wire";
import type { Status } from "../connection/status.ts";
import type { Realtime } from "../stream/stream.ts";

/** Anything with a `subscribe` of the Observable kind: RxJS of any version, the platform's Observable, a signal library. */
export interface Subscribable<In> {
  subscribe(observer: { next: (value: In) => void; error: (error: unknown) => void; complete: () => void }): {
    unsubscribe(): void;
  };
}

/** What a screen can read: a stream, an Observable, an async iterable. Nothing (`null`, `undefined`, `false`) is idle. */
export type Source<In, Out = never> =
  | Realtime<In, Out>
  | Subscribable<In>
  | AsyncIterable<In>
  | null
  | undefined
  | false;

/** What a store needs of its source. */
export interface SourceReader<In> {
  value(data: In): void;
  status(status: Status): void;
}

export const IDLE: Status = Object.freeze({ status: "idle", error: undefined });

/** True for a stream of this library: it tells its own status, sends and reconnects. */
export function isRealtime<In, Out>(source: Source<In, Out>): source is Realtime<In, Out> {
  return typeof source === "object" && source !== null && "status$" in source && "reconnect" in source;
}

/** Reads a source until the returned function is called. */
export function readSource<In, Out>(source: Source<In, Out>, reader: SourceReader<In>): () => void {
  if (!source) return () => {};
  if (isRealtime(source)) return readRealtime(source, reader);
  reader.status({ status: "connecting", attempt: 1, error: undefined });
  return "subscribe" in source ? readObservable(source, reader) : readIterable(source, reader);
}

function readRealtime<In, Out>(source: Realtime<In, Out>, reader: SourceReader<In>): () => void {
  // A final failure is told by the status; the error notification would only say it twice.
  const values = source.subscribe({ next: (data) => reader.value(data), error: () => {} });
  const statuses = source.status$.subscribe((status) => reader.status(status));
  return () => {
    statuses.unsubscribe();
    values.unsubscribe();
  };
}

/** The statuses of a source that has values and an end, but no connection of its own. */
function plainReader<In>(reader: SourceReader<In>) {
  let isOpen = false;
  return {
    next(value: In): void {
      if (!isOpen) {
        isOpen = true;
        reader.status({ status: "open", since: Date.now(), error: undefined });
      }
      reader.value(value);
    },
    error(cause: unknown): void {
      const error =
        cause instanceof TidewireError
          ? cause
          : new TidewireError("network", "The source failed.", { isFinal: true, cause });
      reader.status({ status: "failed", error });
    },
    complete: (): void => reader.status({ status: "closed", error: undefined }),
  };
}

function readObservable<In>(source: Subscribable<In>, reader: SourceReader<In>): () => void {
  const subscription = source.subscribe(plainReader(reader));
  return () => subscription.unsubscribe();
}

function readIterable<In>(source: AsyncIterable<In>, reader: SourceReader<In>): () => void {
  const iterator = source[Symbol.asyncIterator]();
  const plain = plainReader(reader);
  let stopped = false;
  const pull = async (): Promise<void> => {
    try {
      for (;;) {
        const step = await iterator.next();
        if (stopped) return;
        if (step.done) return plain.complete();
        plain.next(step.value);
      }
    } catch (error) {
      if (!stopped) plain.error(error);
    }
  };
  void pull();
  return () => {
    stopped = true;
    iterator.return?.()?.then(undefined, () => {}); // the reader has gone: an iterator's last words have no listener
  };
}
