import type { Msg } from "@nats-io/nats-core";
import type { Entry, Retention } from "@tidewire/server";
import { type Mark, readMark } from "./mark.ts";
import type { Names } from "./names.ts";
import { type Pulled, pull } from "./pulling.ts";
import type { Session } from "./streams.ts";

/** A message as it stands in the stream. */
export interface Stored {
  readonly o: number;
  readonly payload: string;
  /** Undefined for what no hub published: it is nobody's message, and only a place. */
  readonly mark: Mark | undefined;
}

/** What of a topic is kept beyond a place. */
export interface Stretch {
  /** The offset before the oldest message that is kept. */
  readonly min: number;
  readonly entries: readonly Entry[];
}

const text = new TextDecoder();
const storedOf = ({ seq, data, header }: Pulled): Stored => ({
  o: seq,
  payload: text.decode(data),
  mark: readMark(header),
});

/** Reads one topic of the stream. */
export class Reading {
  readonly #session: Session;
  readonly #names: Names;
  readonly #subject: string;

  constructor(session: Session, names: Names, token: string) {
    this.#session = session;
    this.#names = names;
    this.#subject = names.logOf(token);
  }

  async newest(): Promise<Stored | undefined> {
    const message = await this.#session.jsm.direct.getMessage(this.#names.log, { last_by_subj: this.#subject });
    return message ? storedOf(message) : undefined;
  }

  /** The first that stands at `o` or behind it. */
  async firstFrom(o: number): Promise<Stored | undefined> {
    const query = { seq: Math.max(o, 1), next_by_subj: this.#subject };
    const message = await this.#session.jsm.direct.getMessage(this.#names.log, query);
    return message ? storedOf(message) : undefined;
  }

  /**
   * At most `limit` after `from`, or from the oldest where `from` is not in the log. What is trimmed while this is read is
   * never taken for what never was: the oldest is asked for behind the messages.
   */
  async after(from: number, newest: Stored, limit: number, e: number): Promise<Stretch> {
    const keep = newest.mark?.keep ?? EVERYTHING;
    if (keep.retainMessages < 1 || newest.payload.length > keep.retainBytes) return { min: newest.o, entries: [] };
    const freshSince = Date.now() - keep.retainMs;
    for (let place = from; ; ) {
      const found = place < newest.o ? await this.#page(place, newest, limit) : [];
      const oldest = await this.firstFrom(1);
      // The oldest is kept for its place, unless nothing ever stood before it.
      const min = oldest === undefined ? newest.o : oldest.mark?.isFirst ? 0 : oldest.o;
      const within = found.filter(({ o }) => o > min);
      const aged = within.findLast(({ mark }) => mark && mark.at < freshSince)?.o;
      const start = Math.max(min, aged ?? min);
      const entries = entriesOf(within, Math.max(start, place), e, start);
      const last = found.at(-1)?.o ?? newest.o;
      if (entries.length > 0 || last >= newest.o) return { min: start, entries };
      place = Math.max(last, min);
    }
  }

  async #page(place: number, newest: Stored, limit: number): Promise<readonly Stored[]> {
    const next = await this.firstFrom(place + 1);
    if (!next) return [];
    if (limit === 1 || next.o >= newest.o) return [next];
    const { nc } = this.#session;
    const canBatch = Number(nc.info?.version.split(".")[1]) >= 11 || !nc.info?.version.startsWith("2.");
    return canBatch ? this.#byBatch(next.o, limit) : this.#byConsumer(next.o, limit);
  }

  async #byBatch(seq: number, limit: number): Promise<Stored[]> {
    const batch = Math.min(limit, MOST_AT_ONCE);
    const found: Stored[] = [];
    const query = { seq, next_by_subj: this.#subject, batch };
    for await (const message of await this.#session.jsm.direct.getBatch(this.#names.log, query))
      found.push(storedOf(message));
    return found;
  }

  /** Servers before 2.11 have no other way. */
  async #byConsumer(seq: number, limit: number): Promise<Stored[]> {
    const pulled = { stream: this.#names.log, subject: this.#subject, seq, limit: Math.min(limit, MOST_AT_ONCE) };
    return (await pull(this.#session, pulled)).map(storedOf);
  }
}

const EVERYTHING: Retention = {
  retainMessages: Number.POSITIVE_INFINITY,
  retainBytes: Number.POSITIVE_INFINITY,
  retainMs: Number.POSITIVE_INFINITY,
};
const MOST_AT_ONCE = 1000;

/** Each covers the range from the one before it. */
function entriesOf(found: readonly Stored[], from: number, e: number, after: number): Entry[] {
  const entries: Entry[] = [];
  let p = from;
  for (const { o, payload, mark } of found) {
    if (o <= after || !mark) continue;
    entries.push({ e, o, p, payload, at: mark.at });
    p = o;
  }
  return entries;
}

/** What a feed is told: the server's headers have the place, and the one before. Undefined for what no hub published. */
export function liveEntry(
  { headers, data }: Msg,
  epochOf: (e: number) => number,
): (Entry & { id: string }) | undefined {
  const mark = readMark(headers);
  const o = Number(headers?.get("Nats-Sequence"));
  if (!mark || !(o > 0)) return undefined;
  // 0 is also said where the one before is kept no more: then a hub has to ask.
  const p = Number(headers?.get("Nats-Last-Sequence")) || (mark.isFirst ? 0 : o - 1);
  return { e: epochOf(mark.e), o, p, payload: text.decode(data), at: mark.at, id: mark.id };
}
