import { headers } from "@nats-io/nats-core";
import type { Appended, AppendOptions, Retention } from "@tidewire/server";
import { TidewireError } from "@tidewire/wire";
import type { Epochs } from "./epochs.ts";
import { failure } from "./failure.ts";
import { MARK, writeMark } from "./mark.ts";
import { type Names, tokenOf } from "./names.ts";
import { Reading } from "./reading.ts";
import { ANSWER_MS, type Session } from "./streams.ts";
import { Trimming } from "./trimming.ts";

interface Waiting {
  readonly payload: string;
  readonly options: AppendOptions;
  resolve(appended: Appended | Promise<Appended>): void;
  reject(error: TidewireError): void;
}

/** A topic that this node appends to. */
interface Known {
  /** Its epoch; undefined while that is being asked for, when appends wait behind each other. */
  e: number | undefined;
  waiting: Waiting[];
}

const WRONG_SEQUENCE = 10_071;
/** So many topics are known at once; of others the epoch is asked for again. */
const TOPICS_KNOWN = 10_000;

/** Appends to the stream, in order. */
export class Appending {
  readonly #names: Names;
  readonly #epochs: Epochs;
  readonly #reach: () => Promise<Session>;
  readonly #current: () => Session | undefined;
  readonly #maxWaiting: number;
  readonly #trimming: Trimming;
  readonly #topics = new Map<string, Known>();
  readonly #node = crypto.randomUUID().slice(0, 13);
  /** How many messages of a topic the stream keeps, as far as this node knows. */
  #fitted = 0;
  #count = 0;
  #pending = 0;

  constructor(
    names: Names,
    epochs: Epochs,
    reach: () => Promise<Session>,
    current: () => Session | undefined,
    maxWaiting: number,
  ) {
    this.#names = names;
    this.#epochs = epochs;
    this.#reach = reach;
    this.#current = current;
    this.#maxWaiting = maxWaiting;
    this.#trimming = new Trimming(names);
  }

  async append(name: string, payload: string, options: AppendOptions): Promise<Appended> {
    if (this.#pending >= this.#maxWaiting) {
      throw new TidewireError("overflow", `${this.#maxWaiting} appends wait for NATS already (maxWaiting).`);
    }
    this.#pending += 1;
    try {
      return await this.#place(tokenOf(name), payload, options);
    } finally {
      this.#pending -= 1;
    }
  }

  /** Another connection, or another lineage: what was known has to be asked for again. */
  reset(): void {
    for (const [token, { e }] of this.#topics) if (e !== undefined) this.#topics.delete(token);
    this.#fitted = 0;
  }

  forget(token: string): void {
    if (this.#topics.get(token)?.e !== undefined) this.#topics.delete(token);
  }

  #place(token: string, payload: string, options: AppendOptions): Promise<Appended> {
    const topic = this.#topics.get(token);
    const session = this.#current();
    if (topic?.e !== undefined && session && roomFor(options) <= this.#fitted) {
      return this.#publish(session, token, topic.e, payload, options, undefined);
    }
    return new Promise((resolve, reject) => {
      const waiting = { payload, options, resolve, reject };
      if (topic && topic.e === undefined) return void topic.waiting.push(waiting);
      const opening: Known = { e: undefined, waiting: [waiting] };
      this.#topics.set(token, opening);
      void this.#open(token, opening);
    });
  }

  /** Asks where a topic stands; then what waits is published in its order. Never rejects. */
  async #open(token: string, topic: Known): Promise<void> {
    try {
      const session = await this.#reach();
      for (const { options } of topic.waiting) await this.#fit(session, options);
      for (;;) {
        const newest = await new Reading(session, this.#names, token).newest();
        if (newest) topic.e = this.#epochs.of(newest.mark?.e ?? 0);
        else if (!(await this.#begin(session, token, topic))) continue;
        break;
      }
      for (const { payload, options, resolve } of topic.waiting) {
        resolve(this.#publish(session, token, topic.e ?? 0, payload, options, undefined));
      }
    } catch (error) {
      this.#topics.delete(token);
      for (const { reject } of topic.waiting) reject(failure(error));
    }
    topic.waiting = [];
    const [oldest] = this.#topics.keys();
    if (this.#topics.size > TOPICS_KNOWN && oldest !== undefined) this.forget(oldest);
  }

  /** The first message of a topic says so, and the server checks it. False where another node was faster. */
  async #begin(session: Session, token: string, topic: Known): Promise<boolean> {
    const first = topic.waiting[0] as Waiting;
    // It may be new because all there was is gone: then another epoch comes first.
    await this.#epochs.confirm(session);
    const e = this.#epochs.next;
    try {
      first.resolve(await this.#publish(session, token, e, first.payload, first.options, 0));
    } catch (error) {
      if ((error as { code?: number }).code === WRONG_SEQUENCE) return false;
      first.reject(failure(error));
      topic.waiting.shift();
      throw error;
    }
    topic.waiting.shift();
    topic.e = e;
    return true;
  }

  async #publish(
    { js }: Session,
    token: string,
    e: number,
    payload: string,
    options: AppendOptions,
    last: number | undefined,
  ): Promise<Appended> {
    const id = `${this.#node}${(this.#count++).toString(36)}`;
    const { idempotencyKey: key } = options;
    const marked = headers();
    marked.set(MARK, writeMark({ e, id, at: Date.now(), isFirst: last === 0, keep: options }));
    const { seq, duplicate } = await js.publish(this.#names.logOf(token), payload, {
      headers: marked,
      timeout: ANSWER_MS,
      ...(key === undefined ? {} : { msgID: `${token}:${tokenOf(key)}` }),
      ...(last === undefined ? {} : { expect: { lastSubjectSequence: last } }),
    });
    if (!duplicate) {
      this.#epochs.saw(seq, id);
      const session = this.#current();
      if (session) this.#trimming.added(session, token, payload.length, options);
    }
    return { e: this.#epochs.of(e), o: seq, duplicate };
  }

  /** The stream keeps for every topic as many messages as the hub that keeps the most. */
  async #fit({ jsm }: Session, retention: Retention): Promise<void> {
    const room = roomFor(retention);
    if (room <= this.#fitted) return;
    const { config } = await jsm.streams.info(this.#names.log);
    const has = config.max_msgs_per_subject > 0 ? config.max_msgs_per_subject : Number.POSITIVE_INFINITY;
    const max_msgs_per_subject = Number.isFinite(room) ? room : -1;
    if (room > has) await jsm.streams.update(this.#names.log, { max_msgs_per_subject });
    this.#fitted = Math.max(room, has);
  }
}

/** The oldest message is there for its place alone. */
const roomFor = ({ retainMessages }: Retention): number => retainMessages + 1;
