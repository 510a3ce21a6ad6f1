import { readMark } from "./mark.ts";
import type { Names } from "./names.ts";
import type { Session } from "./streams.ts";

/** What all hubs of one name agree on. */
export interface EpochRecord {
  readonly lineage: string;
  /** When the log's stream was created, as the server says. */
  readonly created: string;
  /** No topic's epoch is less: older ones are of histories that lost something. */
  readonly floor: number;
  /** The epoch of topics that are new. */
  readonly next: number;
  /** The topic that was forgotten, where that was why. */
  readonly forgot?: string | undefined;
}

/** The newest place that this node has heard of, and what stands there. */
interface Known {
  readonly o: number;
  readonly id: string;
}

/** Keeps the epochs going up, and finds histories that went back. */
export class Epochs {
  readonly #names: Names;
  readonly #onForgot: (token: string) => void;
  readonly #onLineage: (isMadeAnew: boolean) => void;
  #record: EpochRecord = { lineage: "", created: "", floor: 0, next: 0 };
  #known: Known | undefined;
  /** The comparison that runs, and the one that waits for its end. */
  #comparing: Promise<unknown> = Promise.resolve();
  #confirming: { readonly session: Session; readonly answer: Promise<string> } | undefined;

  constructor(names: Names, onForgot: (token: string) => void, onLineage: (isMadeAnew: boolean) => void) {
    this.#names = names;
    this.#onForgot = onForgot;
    this.#onLineage = onLineage;
  }

  get next(): number {
    return this.#record.next;
  }

  /** A topic's epoch, by what its messages say. */
  of(e: number): number {
    return Math.max(e, this.#record.floor);
  }

  /** A message stands at this place. */
  saw(o: number, id: string): void {
    if (o > (this.#known?.o ?? 0)) this.#known = { o, id };
  }

  /** Hears what other nodes decide. */
  listen({ nc }: Session): void {
    const callback = (error: Error | null, message: { json<T>(): T }) => {
      if (!error) this.#adopt(message.json<EpochRecord>());
    };
    nc.subscribe(this.#names.epochsSubject, { callback });
  }

  /** Compares once more, and not before this is called: whoever asks meanwhile is answered together. */
  confirm(session: Session): Promise<string> {
    if (this.#confirming?.session === session) return this.#confirming.answer;
    const running = this.#comparing.catch(() => {});
    const answer = running.then(() => {
      this.#confirming = undefined;
      return this.lineage(session);
    });
    this.#comparing = answer;
    this.#confirming = { session, answer };
    return answer;
  }

  /** Compares with the server, and begins a new lineage where its history is not what was known. */
  async lineage(session: Session): Promise<string> {
    for (;;) {
      const { seq, record } = await this.#read(session);
      const created = await this.#departs(session, record);
      if (record && created === undefined) {
        this.#adopt(record);
        return record.lineage;
      }
      const next = Math.max(this.#record.next + 1, (record?.next ?? 0) + 1, Date.now());
      const lineage = crypto.randomUUID();
      if (!(await this.#write(session, seq, { created: created ?? "", lineage, floor: next, next }))) continue;
      // Whoever purges the log takes this with it. It comes last: who misses it begins a lineage once more, and nobody too few.
      await session.js.publish(this.#names.witness, lineage);
    }
  }

  /** The next topics begin a greater epoch: `token` is being forgotten. */
  async forget(session: Session, token: string): Promise<void> {
    for (;;) {
      const { seq, record } = await this.#read(session);
      if (!record) return void (await this.lineage(session));
      const next = Math.max(record.next + 1, Date.now());
      if (await this.#write(session, seq, { ...record, next, forgot: token })) return;
    }
  }

  async #read({ jsm }: Session): Promise<{ readonly seq: number; readonly record: EpochRecord | undefined }> {
    const message = await jsm.streams.getMessage(this.#names.epochs, { last_by_subj: this.#names.epochsSubject });
    return { seq: message?.seq ?? 0, record: message?.json<EpochRecord>() };
  }

  /** False where another node was faster. */
  async #write({ js }: Session, seq: number, record: EpochRecord): Promise<boolean> {
    try {
      await js.publish(this.#names.epochsSubject, JSON.stringify(record), {
        expect: { lastSubjectSequence: seq },
      });
    } catch (error) {
      if ((error as { code?: number }).code === WRONG_SEQUENCE) return false;
      throw error;
    }
    this.#adopt(record);
    return true;
  }

  #adopt(record: EpochRecord): void {
    if (record.next < this.#record.next) return;
    const isOther = record.lineage !== this.#record.lineage;
    if (isOther) this.#known = undefined;
    const isMadeAnew = this.#record.created !== "" && record.created !== this.#record.created;
    this.#record = record;
    if (isOther) this.#onLineage(isMadeAnew);
    if (record.forgot !== undefined) this.#onForgot(record.forgot);
  }

  /** When the log was created, where its history is not the one that was known: made anew, purged, or gone back. */
  async #departs({ jsm }: Session, record: EpochRecord | undefined): Promise<string | undefined> {
    const known = this.#known; // before asking: what comes meanwhile is newer than the answer
    const { log, witness } = this.#names;
    const [{ created, state }, witnessed, there] = await Promise.all([
      jsm.streams.info(log),
      jsm.streams.getMessage(log, { last_by_subj: witness }),
      known && jsm.streams.getMessage(log, { seq: known.o }),
    ]);
    if (!witnessed || record?.created !== created || record.next < this.#record.next) return created;
    if (!known) return undefined;
    // Where there is nothing any more it was trimmed or forgotten, as messages are.
    const isOther = state.last_seq < known.o || (there && readMark(there.header)?.id !== known.id);
    return isOther ? created : undefined;
  }
}

const WRONG_SEQUENCE = 10_071;
