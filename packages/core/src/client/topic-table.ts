import { type Cursor, formatVector, optionInvalid, parseVector } from "@tidewire/wire";
import type { Clock } from "../connection/clock.ts";
import { type TopicHost, type TopicOptions, TopicState } from "./topic-state.ts";

/** The topics of one client, by name. */
export class TopicTable {
  /** Every topic that is read. */
  readonly wanted: Set<TopicState> = new Set();
  /** Every topic that somebody holds. Weak: the table keeps none alive, and forgets those that went. */
  readonly #held = new Map<string, WeakRef<TopicState>>();
  readonly #forget = new FinalizationRegistry<string>((name) => {
    if (this.find(name) === undefined) this.#held.delete(name);
  });
  /** Cursors from an earlier page, each until its topic is first asked for. */
  readonly #saved: Map<string, Cursor>;
  readonly #host: TopicHost;
  readonly #clock: Clock;

  constructor(host: TopicHost, saved: string | undefined, clock: Clock) {
    this.#host = host;
    this.#clock = clock;
    const vector = parseVector(saved ?? "");
    if (!vector) throw optionInvalid("`cursor` is not what client.cursor() gives: leave it out to begin anew.");
    this.#saved = vector;
  }

  find(name: string): TopicState | undefined {
    return this.#held.get(name)?.deref();
  }

  /** The topic of this name, made when it is first asked for. Whoever asks first says how it is read. */
  use(name: string, options: TopicOptions): TopicState {
    const known = this.find(name);
    if (known) return known;
    const topic = new TopicState(this.#host, name, options, this.#saved.get(name), this.#clock);
    this.#saved.delete(name);
    this.#held.set(name, new WeakRef(topic));
    this.#forget.register(topic, name);
    return topic;
  }

  /** Where all topics stand, as text to give back on the next page; undefined when it would exceed 2 KB. */
  cursor(): string | undefined {
    const vector = new Map(this.#saved);
    for (const { name, gate } of this.wanted) if (gate.cursor) vector.set(name, gate.cursor);
    return formatVector(vector);
  }
}
