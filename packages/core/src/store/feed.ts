import { IDLE, type Status } from "../connection/status.ts";
import { type Reading, readSource, type SourceReader } from "./read-source.ts";
import type { Readable } from "./source.ts";

/**
 * One reading of one source, shared by all its folds: two components on one async iterable must each see every value,
 * and two on one cold Observable need one subscription.
 */
export interface Feed {
  status(): Status;
  reconnect(): void;
  /** Leaves; the source is let go with its last reader. Twice is harmless. */
  leave(): void;
}

interface LiveFeed {
  readonly readers: Set<SourceReader<never>>;
  reading: Reading | undefined;
  status: Status;
}

const feeds = new WeakMap<object, LiveFeed>();

/** Joins the reading of a source, and begins it where there is none. */
export function joinFeed<In, Out>(source: Readable<In, Out>, reader: SourceReader<In>): Feed {
  const live = feeds.get(source) ?? { readers: new Set(), reading: undefined, status: IDLE };
  live.readers.add(reader);
  if (feeds.has(source)) reader.status(live.status);
  else begin(source, live);
  return {
    status: () => live.status,
    reconnect: () => live.reading?.reconnect(),
    leave() {
      if (!live.readers.delete(reader) || live.readers.size > 0) return;
      feeds.delete(source);
      live.reading?.stop();
    },
  };
}

function begin<In, Out>(source: Readable<In, Out>, live: LiveFeed): void {
  feeds.set(source, live);
  const readers = live.readers as Set<SourceReader<In>>;
  live.reading = readSource(source, {
    value(data) {
      for (const reader of readers) reader.value(data);
    },
    status(status) {
      live.status = status;
      for (const reader of readers) reader.status(status);
    },
  });
  // Its only reader left while it was being told the first value.
  if (readers.size === 0) live.reading.stop();
}
