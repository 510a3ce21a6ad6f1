import type { Retention } from "@tidewire/server";
import type { Store, TopicRow } from "./store.ts";

/** So many rows are looked at in one step. */
const STEP = 256;

/** Lets go of the oldest messages of a topic until it is within its retention. The row is changed, and not yet saved. */
export function trim(
  store: Store,
  topic: TopicRow,
  { retainMessages, retainBytes, retainMs }: Retention,
  now: number,
): void {
  const oldest = now - retainMs;
  let upTo = topic.min;
  for (;;) {
    const rows = store.sql.lengths.all(topic.id, STEP) as { o: number; at: number; chars: number }[];
    for (const { o, at, chars } of rows) {
      if (topic.top - upTo <= retainMessages && topic.chars <= retainBytes && at >= oldest) break;
      upTo = o;
      topic.chars -= chars;
    }
    if (upTo === topic.min) return;
    store.sql.trim.run(topic.id, upTo);
    topic.min = upTo;
    if (upTo !== rows.at(-1)?.o) return;
  }
}
