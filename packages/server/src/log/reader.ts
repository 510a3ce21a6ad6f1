import { CloseCode, type Cursor, formatCursor } from "@tidewire/wire";
import type { Form, Gap, GapReason, Line } from "../line.ts";
import { type Page, type Pages, pageOf } from "./pages.ts";
import { skipFor } from "./policy.ts";
import type { Topic, TopicReader } from "./topic.ts";

/** A line that does not even take the answers to what it sends is given up. */
const MOST_SAID = 1000;

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
  /** True from a write until somebody takes it back: whoever watches for silence. */
  hasWritten = false;
  /** True once messages or gaps were written. */
  hasRead = false;
  /** True while the line takes no more. */
  isBlocked = false;
  /** True from being blocked until everything was read: the topics' policies for slow readers apply. */
  #isBehind = false;
  readonly #host: ReaderHost;
  readonly #line: Line;
  readonly #form: Form;
  readonly #places = new Map<Topic, Place>();
  readonly #pending = new Set<Place>();
  readonly #said: string[] = [];
  #id = "";
  #isClosed = false;

  constructor(host: ReaderHost, line: Line, form: Form) {
    this.#host = host;
    this.#line = line;
    this.#form = form;
  }

  /** The topics that are read. */
  get topics(): Iterable<Topic> {
    return this.#places.keys();
  }

  /** How many topics are read. */
  get size(): number {
    return this.#places.size;
  }

  /** Begins to read `topic` after `cursor`; again from there when it was read already. */
  add(topic: Topic, cursor: Cursor): void {
    this.remove(topic);
    const place: Place = { topic, e: cursor.e, o: cursor.o, isLive: false };
    this.#places.set(topic, place);
    this.#pending.add(place);
    topic.readers.add(this);
    this.#id = this.#vector();
  }

  /** Stops reading `topic`. */
  remove(topic: Topic): void {
    const place = this.#places.get(topic);
    if (!place) return;
    this.#places.delete(topic);
    this.#pending.delete(place);
    topic.readers.delete(this);
    this.#id = this.#vector();
  }

  /** Stops reading for good. */
  close(): void {
    for (const topic of this.#places.keys()) topic.readers.delete(this);
    this.#pending.clear();
    this.#said.length = 0;
    this.#isClosed = true;
  }

  wake(topic: Topic): void {
    const place = this.#places.get(topic);
    if (!place) return;
    this.#pending.add(place);
    this.#host.soon(this);
  }

  /** Says something of the line's own, ahead of what is unread, in this turn's write. */
  say(text: string): void {
    if (this.#isClosed) return;
    this.#said.push(text);
    if (this.#said.length > MOST_SAID) this.#giveUp();
    else this.#host.soon(this);
  }

  /** The last thing that is said, at once. */
  sayLast(text: string): void {
    if (this.#isClosed) return;
    this.#line.write(this.#form.seal([...this.#said.splice(0), text]));
    this.close();
  }

  /** The line has room again. */
  ready(): void {
    this.isBlocked = false;
    this.pump();
  }

  /** Writes what is unread until the line is full or all is read. */
  pump(): void {
    while (!this.isBlocked && !this.#isClosed && this.#pending.size + this.#said.length > 0) {
      const bytes = this.#next();
      if (bytes) this.#write(bytes);
    }
    if (this.#pending.size === 0) this.#isBehind = false;
  }

  #write(bytes: Uint8Array): void {
    this.hasWritten = true;
    if (this.#line.write(bytes)) return;
    this.isBlocked = true;
    this.#isBehind = true;
  }

  /** One write: the gaps of all pending topics, or one page of each. Undefined when there was nothing to say. */
  #next(): Uint8Array | undefined {
    const own = this.#said.splice(0);
    const gaps: string[] = [];
    for (const place of this.#pending) {
      const gap = this.#leap(place);
      const text = gap && this.#form.gap(gap, this.#id);
      if (text) gaps.push(text);
      else if (gap) this.#giveUp();
      if (this.#isClosed) return undefined;
    }
    if (gaps.length > 0) {
      this.hasRead = true;
      return this.#form.seal([...own, ...gaps]);
    }

    const parts: Uint8Array[] = [];
    const live: string[] = [];
    let key = this.#form.name;
    for (const place of this.#pending) {
      const { topic } = place;
      if (place.o < topic.log.top) {
        const page = this.#page(place);
        this.hasRead = true;
        parts.push(page.bytes); // Now: a later page may push this one out of the store.
        key += `|${page.number}`;
        this.#id = page.id;
        place.o = page.to;
      }
      if (place.o < topic.log.top) continue;
      if (!place.isLive && this.#form.live) live.push(this.#form.live(topic.name, place.o));
      place.isLive = true;
      this.#pending.delete(place);
    }
    if (own.length > 0) parts.unshift(this.#form.seal(own));
    if (live.length > 0) parts.push(this.#form.seal(live));
    if (own.length + live.length > 0) return parts.length > 1 ? this.#form.join(parts) : parts[0];
    if (parts.length < 2) return parts[0];
    return this.#host.pages.get(key, () => ({ bytes: this.#form.join(parts), to: 0, id: "" })).bytes;
  }

  #giveUp(): undefined {
    this.close();
    this.#line.close(CloseCode.tooSlow, "too slow");
  }

  /** Over a hole in the history, if there is one at this place. */
  #leap(place: Place): Gap | undefined {
    const { topic, e, o, isLive } = place;
    const { log } = topic;
    let to = log.min;
    let why: GapReason;
    if (e !== log.e) {
      why = e < log.e ? "epoch" : "rollback";
    } else if (o > log.top) {
      why = "rollback";
      to = log.top;
    } else {
      const skip = this.#isBehind && isLive ? skipFor(topic, o) : undefined;
      if (skip === "close") return this.#giveUp();
      if (o >= log.min && skip === undefined) return undefined;
      why = isLive ? "slow" : "trimmed";
      to = Math.max(to, skip ?? 0);
    }
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
      bytes: form.seal(entries.map((entry) => form.message(topic, entry, this.#vector(topic, entry.o)))),
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
