import type { Retention } from "@tidewire/server";
import { readMark } from "./mark.ts";
import type { Names } from "./names.ts";
import { pull } from "./pulling.ts";
import type { Session } from "./streams.ts";

/** What this node added to a topic since it looked at the whole of it. */
interface Added {
  bytes: number;
  since: number;
  isRunning: boolean;
}

/** A topic is looked at when a quarter of its bound by bytes or age is new. */
const PART = 4;
const TOPICS = 10_000;
const COUNT = 1000;

/** Holds topics to their bounds by bytes and age, which JetStream has for a whole stream only. Behind the appends, never before them. */
export class Trimming {
  readonly #names: Names;
  readonly #topics = new Map<string, Added>();

  constructor(names: Names) {
    this.#names = names;
  }

  added(session: Session, token: string, bytes: number, retention: Retention): void {
    let topic = this.#topics.get(token);
    if (!topic) {
      const [oldest] = this.#topics.keys();
      if (this.#topics.size >= TOPICS && oldest !== undefined) this.#topics.delete(oldest);
      topic = { bytes: 0, since: Date.now(), isRunning: false };
      this.#topics.set(token, topic);
    }
    topic.bytes += bytes;
    const { retainBytes, retainMs } = retention;
    const isDue = topic.bytes * PART > retainBytes || (Date.now() - topic.since) * PART > retainMs;
    if (!isDue || topic.isRunning) return;
    topic.bytes = 0;
    topic.since = Date.now();
    topic.isRunning = true;
    const end = () => {
      topic.isRunning = false;
    };
    // What could not be trimmed is looked at again when a quarter more is there.
    this.#trim(session, token, retention).then(end, end);
  }

  async #trim(session: Session, token: string, { retainBytes, retainMs }: Retention): Promise<void> {
    const subject = this.#names.logOf(token);
    const sizes = await this.#sizes(session, subject);
    let bytes = 0;
    let kept = sizes.length;
    const freshSince = Date.now() - retainMs;
    for (let index = sizes.length - 1; index >= 0; index -= 1) {
      const { size, at } = sizes[index] as Size;
      bytes += size;
      if (bytes > retainBytes || at < freshSince) break;
      kept = index;
    }
    // The one before the oldest that is kept stays for its place.
    const place = sizes[kept - 1]?.o;
    if (place === undefined || kept < 2) return;
    await session.jsm.streams.purge(this.#names.log, { filter: subject, seq: place });
  }

  /** How large each message is, without the messages. */
  async #sizes(session: Session, subject: string): Promise<Size[]> {
    const sizes: Size[] = [];
    for (let seq = 1; ; ) {
      const pulled = await pull(session, { stream: this.#names.log, subject, seq, limit: COUNT, isHeadersOnly: true });
      for (const { seq: o, header } of pulled) {
        sizes.push({ o, size: Number(header?.get("Nats-Msg-Size")), at: readMark(header)?.at ?? 0 });
      }
      if (pulled.length < COUNT) return sizes;
      seq = (pulled.at(-1)?.seq ?? 0) + 1;
    }
  }
}

interface Size {
  readonly o: number;
  readonly size: number;
  readonly at: number;
}
