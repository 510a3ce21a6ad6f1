import { type Cursor, formatCursor } from "@tidewire/wire";
import type { Form, Gap, GapReason, Line } from "../line.ts";
import { type Page, type Pages, pageOf } from "./pages.ts";
import type { Topic, TopicReader } from "./topic.ts";

/** Where one reader stands in one topic. */
interface Place {
  readonly topic: Topic;
  e: number;
  o: number;
  /** True once it stood at the top: history lost after that was lost to slowness. */
  isLive: boolean;
}

/** What a reader needs of its hub. */
export interface ReaderHost {
  readonly pages: Pages;
  /** Asks for a `pump` in this turn. */
  soon(reader: Reader): void;
}

/**
 * One line as a reader of topics: a cursor per topic and nothing else. It reads on while its line takes bytes, and goes on
 * from its cursors when the line is ready again, so a slow line costs no memory beside its socket's.
 */
export class Reader implements TopicReader {
  /** True while the hub has this reader in its list for this turn. */
  isDue = false;
  readonly #host: ReaderHost;
  readonly #line: Line;
  readonly #form: Form;
  readonly #places = new Map<Topic, Place>();
  readonly #pending = new Set<Place>();
  #isBlocked = false;
  #id = "";

  constructor(host: ReaderHost, line: Line, form: Form) {
    this.#host = host;
    this.#line = line;
    this.#form = form;
  }

  /** Begins to read `topic` after `cursor`. */
  add(topic: Topic, cursor: Cursor): void {
    const place: Place = { topic, e: cursor.e, o: cursor.o, isLive: false };
    this.#places.set(topic, place);
    this.#pending.add(place);
    topic.readers.add(this);
    this.#id = this.#vector();
  }

  /** The reader's vector as an SSE id. */
  get id(): string {
    return this.#id;
  }

  /** Stops reading. Gives back the topics that lost this reader. */
  close(): Iterable<Topic> {
    for (const topic of this.#places.keys()) topic.readers.delete(this);
    this.#pending.clear();
    this.#isBlocked = true;
    return this.#places.keys();
  }

  wake(topic: Topic): void {
    const place = this.#places.get(topic);
    if (!place) return;
    this.#pending.add(place);
    if (!this.#isBlocked) this.#host.soon(this);
  }

  /** The line has room again. */
  ready(): void {
    if (!this.#isBlocked) return;
    this.#isBlocked = false;
    this.pump();
  }

  /** Writes what is unread until the line is full or all is read. */
  pump(): void {
    while (!this.#isBlocked && this.#pending.size > 0) {
      const bytes = this.#next();
      if (!bytes) continue;
      if (!this.#line.write(bytes)) this.#isBlocked = true;
    }
  }

  /** One write: the gaps of all pending topics and one page of each. Undefined when there was nothing to say. */
  #next(): Uint8Array | undefined {
    const gaps: string[] = [];
    for (const place of this.#pending) {
      const gap = this.#leap(place);
      if (!gap) continue;
      const text = this.#form.gap(gap, this.#id);
      if (text === undefined) {
        this.#line.close(4508, "history was lost: read again");
        this.close();
        return undefined;
      }
      gaps.push(text);
    }
    if (gaps.length > 0) return this.#form.seal(gaps);

    const parts: Uint8Array[] = [];
    let key = this.#form.name;
    for (const place of this.#pending) {
      if (place.o < place.topic.log.top) {
        const page = this.#page(place);
        parts.push(page.bytes); // Now: a later page may push this one out of the store.
        key += `|${page.number}`;
        this.#id = page.id;
        place.o = page.to;
      }
      if (place.o >= place.topic.log.top) {
        place.isLive = true;
        this.#pending.delete(place);
      }
    }
    if (parts.length < 2) return parts[0];
    return this.#host.pages.get(key, () => ({ bytes: this.#form.join(parts), to: 0, id: "" })).bytes;
  }

  /** Over a hole in the history, if there is one at this place. */
  #leap(place: Place): Gap | undefined {
    const { topic, e, o, isLive } = place;
    const { log } = topic;
    let why: GapReason;
    if (e !== log.e) why = e < log.e ? "epoch" : "rollback";
    else if (o > log.top) why = "rollback";
    else if (o < log.min) why = isLive ? "slow" : "trimmed";
    else return undefined;
    const to = e === log.e && o > log.top ? log.top : log.min;
    place.e = log.e;
    place.o = to;
    this.#id = this.#vector();
    return { topic: topic.name, e: log.e, from: o, to, why };
  }

  #page(place: Place): Page {
    const { pages } = this.#host;
    const { topic } = place;
    const form = this.#form;
    if (!form.needsId || this.#places.size === 1) {
      return pageOf(pages, form, topic, place.o, (o) =>
        form.needsId ? formatCursor(topic.name, { e: place.e, o }) : "",
      );
    }
    // Every message carries the whole vector, so only readers with the same vector share a page.
    const entries = topic.log.page(place.o);
    const to = entries.at(-1)?.o ?? place.o;
    return pages.get(`${form.name}|${this.#id}|${topic.number}|${to}`, () => ({
      bytes: form.seal(entries.map((entry) => form.message(topic.name, entry, this.#vector(topic, entry.o)))),
      to,
      id: this.#vector(topic, to),
    }));
  }

  /** The vector as text, optionally with one topic at another offset. */
  #vector(moved?: Topic, o = 0): string {
    if (!this.#form.needsId) return "";
    let text = "";
    for (const place of this.#places.values()) {
      const cursor = place.topic === moved ? { e: place.e, o } : place;
      text += (text === "" ? "" : ",") + formatCursor(place.topic.name, cursor);
    }
    return text;
  }
}
