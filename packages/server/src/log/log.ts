import type { Cursor } from "@tidewire/wire";
import type { Entry, Retention } from "../engine.ts";

/**
 * Pages of every reader end at the same places, so that readers who started apart soon share them. What a line has in hand
 * beside its socket is one page, and each page is a write for each reader who returns (`bench replay`).
 */
const PAGE_CHARS = 262_144;
/** What an entry weighs beside its payload. */
const ENTRY_OVERHEAD = 64;

/** A bounded stretch of one topic's history, oldest first. Readers hold cursors into it and no copies of it. */
export class Log {
  e: number;
  /** The offset of the newest message. */
  top: number;
  retention: Retention;
  /** What was trimmed before `#start` is cleared at once: an entry that nobody can have must not be held until the array moves. */
  #entries: (Entry | undefined)[] = [];
  /** Characters up to and including the entry beside it, since the log began: gives the page marks. */
  #sums: number[] = [];
  #start = 0;
  #sum = 0;
  #chars = 0;

  constructor(cursor: Cursor, retention: Retention) {
    this.e = cursor.e;
    this.top = cursor.o;
    this.retention = retention;
  }

  /** How many messages are kept. */
  get size(): number {
    return this.#entries.length - this.#start;
  }

  /** Characters of payload that are kept. */
  get chars(): number {
    return this.#chars;
  }

  /** The offset before the oldest message that is kept. */
  get min(): number {
    return this.#entries[this.#start]?.p ?? this.top;
  }

  /** Adds the next message, and keeps at least the newest `fresh`. One of a newer epoch begins the log anew. */
  push(entry: Entry, now: number, fresh = 0): void {
    if (entry.e !== this.e) this.restart({ e: entry.e, o: entry.p });
    this.#entries.push(entry);
    this.#sum += entry.payload.length + ENTRY_OVERHEAD;
    this.#sums.push(this.#sum);
    this.#chars += entry.payload.length;
    this.top = entry.o;
    this.trim(now, fresh);
  }

  /** Empties the log and lets it go on after `cursor`. */
  restart(cursor: Cursor): void {
    this.e = cursor.e;
    this.top = cursor.o;
    this.#entries = [];
    this.#sums = [];
    this.#start = 0;
    this.#chars = 0;
  }

  /** Takes out what the retention does not keep, but for the newest `fresh`: those that readers were not yet offered. */
  trim(now: number, fresh = 0): void {
    const { retainMessages, retainBytes, retainMs } = this.retention;
    const oldest = now - retainMs;
    while (this.size > fresh) {
      const first = this.#entries[this.#start] as Entry;
      if (this.size <= retainMessages && this.#chars <= retainBytes && first.at >= oldest) break;
      this.#chars -= first.payload.length;
      this.#entries[this.#start] = undefined;
      this.#start += 1;
    }
    // Moving what is left once per half of the array keeps a trim at constant cost. It moves within the array: one that was
    // left behind would, until the whole heap is looked through, keep its entries alive, and the heap would grow by them.
    if (this.#start > 64 && this.#start > this.#entries.length / 2) {
      moveDown(this.#entries, this.#start);
      moveDown(this.#sums, this.#start);
      this.#start = 0;
    }
  }

  /** The messages after offset `o`, up to the next page mark. Empty at the top. */
  page(o: number): readonly Entry[] {
    const from = this.#after(o);
    if (from >= this.#entries.length) return [];
    const mark = this.#markOf(from);
    let to = from + 1;
    while (to < this.#entries.length && this.#markOf(to) === mark) to += 1;
    return this.#entries.slice(from, to) as Entry[];
  }

  /** The messages after offset `o`, at most `limit`. */
  after(o: number, limit: number): readonly Entry[] {
    const from = this.#after(o);
    return this.#entries.slice(from, Math.min(from + limit, this.#entries.length)) as Entry[];
  }

  /** The offset before the newest `count` messages. */
  before(count: number): number {
    return this.#entries[Math.max(this.#start, this.#entries.length - count)]?.p ?? this.top;
  }

  #markOf(index: number): number {
    return Math.floor((this.#sums[index] as number) / PAGE_CHARS);
  }

  /** The index of the first message after offset `o`. Offsets may be sparse. */
  #after(o: number): number {
    let low = this.#start;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#entries[middle] as Entry).o > o) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** Takes out the first `count` in place. */
function moveDown(array: unknown[], count: number): void {
  array.copyWithin(0, count);
  array.length -= count;
}
