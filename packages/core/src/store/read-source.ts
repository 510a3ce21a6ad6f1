import { TidewireError } from "@tidewire/wire";
import type { Status } from "../connection/status.ts";
import type { Realtime } from "../stream/stream.ts";
import { isRealtime, type Readable, type Subscribable } from "./source.ts";

/** What is told of a source while it is read. */
export interface SourceReader<In> {
  value(data: In): void;
  status(status: Status): void;
}

/** One reading of a source. */
export interface Reading {
  /** Ends it. Nothing is told after this. */
  stop(): void;
  /** Begins anew: a stream dials again, anything else is subscribed to once more. */
  reconnect(): void;
}

/** Reads a source until it is stopped. */
export function readSource<In, Out>(source: Readable<In, Out>, reader: SourceReader<In>): Reading {
  return isRealtime(source) ? readRealtime(source, reader) : readPlain(source, reader);
}

function readRealtime<In>(source: Realtime<In, never>, reader: SourceReader<In>): Reading {
  let isOver = false;
  const over = (): void => {
    isOver = true;
  };
  // A final failure is told by the status; the error notification would only say it twice.
  const read = () => {
    isOver = false;
    return source.subscribe({ next: (data) => reader.value(data), error: over, complete: over });
  };
  let values = read();
  const statuses = source.status$.subscribe((status) => {
    // Somebody began an ended stream anew: its values are wanted here too.
    if (isOver && (status.status === "connecting" || status.status === "open")) values = read();
    reader.status(status);
  });
  return {
    stop() {
      statuses.unsubscribe();
      values.unsubscribe();
    },
    reconnect() {
      if (isOver) values = read();
      else source.reconnect();
    },
  };
}

function readPlain<In>(source: Subscribable<In> | AsyncIterable<In>, reader: SourceReader<In>): Reading {
  const begin = (): (() => void) => {
    reader.status({ status: "connecting", attempt: 1, error: undefined });
    const observer = observerOf(reader);
    return "subscribe" in source ? readObservable(source, observer) : readIterable(source, observer);
  };
  let stop = begin();
  return {
    stop: () => stop(),
    reconnect() {
      stop();
      stop = begin();
    },
  };
}

/** The statuses of a source that has values and an end, but no connection of its own. */
function observerOf<In>(reader: SourceReader<In>) {
  let stage: "new" | "open" | "over" = "new";
  const end = (status: Status): void => {
    if (stage === "over") return;
    stage = "over";
    reader.status(status);
  };
  return {
    next(value: In): void {
      if (stage === "over") return;
      if (stage === "new") {
        stage = "open";
        reader.status({ status: "open", since: Date.now(), error: undefined });
      }
      reader.value(value);
    },
    error(cause: unknown): void {
      const isOurs = cause instanceof TidewireError;
      const error = isOurs ? cause : new TidewireError("network", "The source failed.", { isFinal: true, cause });
      end({ status: "failed", error });
    },
    complete: (): void => end({ status: "closed", error: undefined }),
  };
}

type Observer<In> = ReturnType<typeof observerOf<In>>;

function readObservable<In>(source: Subscribable<In>, observer: Observer<In>): () => void {
  const subscription = source.subscribe(observer);
  return () => subscription.unsubscribe();
}

function readIterable<In>(source: AsyncIterable<In>, observer: Observer<In>): () => void {
  const iterator = source[Symbol.asyncIterator]();
  let isStopped = false;
  const pull = async (): Promise<void> => {
    try {
      for (;;) {
        const step = await iterator.next();
        if (isStopped) return;
        if (step.done) return observer.complete();
        observer.next(step.value);
      }
    } catch (error) {
      if (!isStopped) observer.error(error);
    }
  };
  void pull();
  return () => {
    isStopped = true;
    iterator.return?.()?.then(undefined, () => {}); // the reader has gone: an iterator's last words have no listener
  };
}
