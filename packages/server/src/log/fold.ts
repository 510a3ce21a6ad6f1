import type { Cursor } from "@tidewire/wire";
import type { Entry, LogPage } from "../engine.ts";

/** What a topic comes to: every message reduced into one value. */
export interface TopicState<State = unknown, Data = unknown> {
  /** Before the oldest message that is kept when the hub first reads the topic. */
  readonly initial: State;
  /** Gives the state after `data`. It MUST NOT change the state that it is given. One that throws is told to `onError` and counts as no change. */
  reduce(state: State, data: Data): State;
}

/** A topic's state, always together with the cursor of the last message that is in it. */
export class Fold {
  readonly #state: TopicState;
  readonly #onError: (error: unknown) => void;
  #value: unknown;
  #e = -1;
  #o = 0;

  constructor(state: TopicState, onError: (error: unknown) => void) {
    this.#state = state;
    this.#onError = onError;
    this.#value = state.initial;
  }

  get value(): unknown {
    return this.#value;
  }

  get cursor(): Cursor {
    return { e: this.#e, o: this.#o };
  }

  /** The next message. */
  take({ e, o, payload }: Entry): void {
    this.#e = e;
    this.#o = o;
    try {
      this.#value = this.#state.reduce(this.#value, JSON.parse(payload));
    } catch (error) {
      this.#onError(error);
    }
  }

  /** A log that was read anew: goes on from where the state stands, or begins anew where messages between are gone. */
  fill({ e, top, entries }: LogPage): void {
    const from = entries[0]?.p ?? top;
    if (e !== this.#e || this.#o < from || this.#o > top) {
      this.#value = this.#state.initial;
      this.#e = e;
      this.#o = from;
    }
    for (const entry of entries) if (entry.o > this.#o) this.take(entry);
  }
}
