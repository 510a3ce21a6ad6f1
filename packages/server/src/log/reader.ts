import { CloseCode, type Cursor } from "@tidewire/wire";
import type { LogPage } from "../engine.ts";
import type { Form, Gap, Line } from "../line.ts";
import { type Leap, leapOf } from "./leap.ts";
import type { Page } from "./page.ts";
import { pageAt } from "./page-at.ts";
import { pageOf } from "./pages.ts";
import { Place, type PlaceOwner, vectorOf } from "./place.ts";
import type { Due, ReaderGuard, ReaderHost } from "./reader-host.ts";
import type { Topic } from "./topic.ts";

/** A line that does not even take the answers to what it sends is given up. */
const MOST_SAID = 1000;
/** Longer pages are written as they are, beside what is a reader's own. */
const MOST_COPIED = 4096;

/**
 * One line as a reader of topics: a cursor per topic and nothing else. It reads on while its line takes bytes, and goes on
 * from its cursors when the line is ready again, so a slow line costs no memory beside its socket's.
 */
export class Reader implements PlaceOwner, Due {
  isDue = false;
  /** True from a write until somebody takes it back: whoever watches for silence. */
  hasWritten = false;
  /** True once messages or gaps were written. */
  hasRead = false;
  /** True while the line takes no more. */
  isBlocked = false;
  /** True from being blocked until everything was read: the topics' policies for slow readers apply. */
  #isBehind = false;
  #isClosed = false;
  /** How many places are pending. */
  #pending = 0;
  readonly #host: ReaderHost;
  readonly #line: Line;
  readonly #form: Form;
  readonly #guard: ReaderGuard | undefined;
  /** An array: most lines read one topic or a few. */
  #places: readonly Place[] = [];
  #said: string[] | undefined;
  #id = "";

  constructor(host: ReaderHost, line: Line, form: Form, guard?: ReaderGuard) {
    this.#host = host;
    this.#line = line;
    this.#form = form;
    this.#guard = guard;
  }

  /** The topics that are read. */
  get topics(): readonly Topic[] {
    return this.#places.map(({ topic }) => topic);
  }

  /** How many topics are read. */
  get size(): number {
    return this.#places.length;
  }

  /** Offsets between the reader and the top of the topic that it is furthest behind in. */
  get lag(): number {
    return this.#places.reduce((most, { topic, o }) => Math.max(most, topic.log.top - o), 0);
  }

  /** Begins to read `topic` after `cursor`, or at its top and with a gap; again from there when it was read already. */
  add(topic: Topic, cursor: Cursor, isLimited = false): void {
    this.remove(topic);
    const place = new Place(this, topic, cursor.e, cursor.o);
    place.isLimited = isLimited;
    this.#places = this.#places.concat(place); // A push, and a spread, would make room for many.
    topic.readers.add(place);
    this.#mark(place);
    this.#id = this.#vector();
  }

  /** Stops reading `topic`; false where it was not read. */
  remove(topic: Topic): boolean {
    const place = this.#places.find((each) => each.topic === topic);
    if (!place) return false;
    this.#places = this.#places.filter((each) => each !== place);
    this.#leave(place);
    this.#id = this.#vector();
    return true;
  }

  /** Stops reading for good. */
  close(): void {
    for (const place of this.#places) this.#leave(place);
    this.#said = undefined;
    this.#isClosed = true;
  }

  woken(place: Place): void {
    if (place.isAsking) return;
    this.#mark(place);
    if (!this.isDue) this.#host.soon(this);
  }

  /** Says where the line stands, on wires whose clients keep that: from now on it can be cut and resumed. */
  sayPlace(): void {
    const text = this.#form.place?.(this.#id);
    if (text !== undefined) this.say(text);
  }

  /** Says something of the line's own, ahead of what is unread, in this turn's write. */
  say(text: string): void {
    if (this.#isClosed) return;
    if (this.#said) this.#said.push(text);
    else this.#said = [text];
    if (this.#said.length > MOST_SAID) this.#giveUp(CloseCode.tooSlow, "too slow");
    else this.#host.soon(this);
  }

  /** The last thing that is said, at once. */
  sayLast(text: string): void {
    if (this.#isClosed) return;
    this.#line.write(this.#form.seal([...(this.#said ?? []), text]));
    this.close();
  }

  /** The line has room again. */
  ready(): void {
    this.isBlocked = false;
    this.pump();
  }

  /** Writes what is unread until the line is full or all is read. */
  pump(): void {
    if (this.#guard?.mayDeliver() === false) return;
    while (!this.isBlocked && !this.#isClosed && (this.#pending > 0 || this.#said !== undefined)) {
      const bytes = this.#nextOfOne() ?? this.#next();
      if (bytes) this.#write(bytes);
    }
    // Not while the line is full, nor while the engine is asked: what is found gone then was lost to slowness.
    if (!this.#isBehind || this.isBlocked || this.#pending > 0) return;
    this.#isBehind = this.#places.some(({ isAsking }) => isAsking);
  }

  #write(bytes: Uint8Array): void {
    this.hasWritten = true;
    this.#host.gauges.counters.bytesWritten += bytes.byteLength;
    if (this.#line.write(bytes)) return;
    this.isBlocked = true;
    this.#isBehind = true;
  }

  /** The next page of the one topic that nearly every line reads, when nothing else is to be said: no array, no key. */
  #nextOfOne(): Uint8Array | undefined {
    const place = this.#places[0];
    if (place === undefined || this.#places.length > 1 || this.#said !== undefined) return undefined;
    if (!place.isLive || this.#isBehind || place.found) return undefined;
    const { log } = place.topic;
    if (place.e !== log.e || place.o >= log.top || place.o < log.min) return undefined;
    const page = pageOf(this.#host.pages, this.#form, place.topic, place.o);
    this.#advance(place, page);
    return page.bytes;
  }

  /** One write: the gaps of all pending topics, or one page of each. Undefined when there was nothing to say. */
  #next(): Uint8Array | undefined {
    const own = this.#said ?? [];
    this.#said = undefined;
    const gaps = this.#gaps();
    if (this.#isClosed) return undefined;
    if (gaps.length > 0) {
      this.hasRead = true;
      return this.#form.seal([...own, ...gaps]);
    }
    // Joined with what is its own, a long page would be copied for each reader.
    if (own.length > 0 && this.#places.some(({ hasMuch }) => hasMuch)) return this.#form.seal(own);
    const parts: Uint8Array[] = [];
    const live: string[] = [];
    let key = this.#form.name;
    for (const place of this.#places) {
      if (!place.isPending) continue;
      const wasLive = place.isLive;
      const page = pageAt(this.#host.pages, this.#form, this.#places, place, this.#id);
      if (page) {
        parts.push(page.bytes); // Now: a later page may push this one out of the store.
        key += `|${page.number}`;
      }
      this.#advance(place, page);
      if (place.isLive && !wasLive && this.#form.live) live.push(this.#form.live(place.topic.name, place.o));
    }
    if (own.length > 0) parts.unshift(this.#form.seal(own));
    const isLong = parts.some(({ byteLength }) => byteLength > MOST_COPIED);
    if (isLong && own.length > 0 && live.length > 0) this.#said = live.splice(0); // In the next write.
    if (live.length > 0) parts.push(this.#form.seal(live));
    if (parts.length < 2) return parts[0];
    if (own.length > 0 || (live.length > 0 && !isLong)) return this.#form.join(parts);
    // The end of a long replay is the same for all who return to it: one write, and copied once for all of them.
    for (const text of live) key += `|${text}`;
    return this.#host.pages.get(key, () => ({ bytes: this.#form.join(parts), to: 0, id: "" })).bytes;
  }

  /** Over the holes before all pending places: what is to be said of them. */
  #gaps(): string[] {
    const gaps: string[] = [];
    for (const place of this.#places) {
      const leap = place.isPending && this.#isAllowed(place) ? this.#leap(place) : undefined;
      if (this.#isClosed) break;
      if (!leap) continue;
      const gap: Gap = { topic: place.topic.name, e: place.topic.log.e, from: place.o, ...leap };
      place.e = gap.e;
      place.o = gap.to;
      place.isLimited = false;
      this.#id = this.#vector();
      this.#host.gauges.gap(gap);
      const text = this.#form.gap(gap, this.#id);
      if (text === undefined) this.#giveUp(CloseCode.tooSlow, "too slow");
      else gaps.push(text);
    }
    return gaps;
  }

  /** Whether the next page of history may be read. What is live is asked for where credentials change. */
  #isAllowed(place: Place): boolean {
    if (place.isAllowed || !this.#guard) return true;
    const answer = this.#guard.mayReplay(place.topic);
    if (answer instanceof Promise) this.#ask(place, answer, (mayRead) => this.#allow(place, mayRead));
    else this.#allow(place, answer);
    return place.isAllowed;
  }

  #allow(place: Place, mayRead: boolean): void {
    place.isAllowed = mayRead;
    if (!mayRead) this.remove(place.topic);
  }

  /** A place that waits for an answer is pending no more until it came. */
  #ask<Answer>(place: Place, answer: Promise<Answer>, take: (answer: Answer) => void): undefined {
    this.#unmark(place);
    place.isAsking = true;
    void answer.then((given) => {
      place.isAsking = false;
      if (!place.isOver) take(given);
      if (!place.isOver) place.wake();
    });
  }

  /** The hole before a place, if there is one. A place that has to ask the engine is pending no more until it answered. */
  #leap(place: Place): Leap | undefined {
    const leap = leapOf(place, this.#isBehind);
    if (leap === "close") return this.#giveUp(CloseCode.tooSlow, "too slow");
    if (leap === "wait") return this.#unmark(place); // Its readers are woken once it was read.
    if (leap !== "ask") return leap;
    const asked = this.#host.history(place.topic, place);
    if (!(asked instanceof Promise)) {
      this.#answered(place, asked);
      return this.#isClosed ? undefined : this.#leap(place);
    }
    return this.#ask(place, asked, (page) => this.#answered(place, page));
  }

  #answered(place: Place, page: LogPage | undefined): void {
    if (page) place.found = page;
    else this.#giveUp(CloseCode.engineUnavailable, "the engine is unavailable");
  }

  /** Stands after the page; at the top, or where the engine is asked, there is nothing pending. */
  #advance(place: Place, page: Page | undefined): void {
    if (page) {
      this.hasRead = true;
      this.#id = page.id;
      place.o = page.to;
    }
    place.isAllowed = place.isLive;
    if (place.o < place.topic.log.top) return;
    place.isLive = true;
    place.isAllowed = true;
    this.#unmark(place);
  }

  #mark(place: Place): void {
    if (place.isPending) return;
    place.isPending = true;
    this.#pending += 1;
  }

  #unmark(place: Place): undefined {
    if (!place.isPending) return;
    place.isPending = false;
    this.#pending -= 1;
  }

  #leave(place: Place): void {
    this.#unmark(place);
    place.isOver = true;
    place.topic.readers.delete(place);
  }

  #giveUp(code: number, reason: string): undefined {
    this.close();
    this.#line.close(code, reason);
  }

  #vector(): string {
    return this.#form.needsId ? vectorOf(this.#places) : "";
  }
}
