import type { Subscriber } from "./clients/connections.ts";

/** Channels in one command. */
const BATCH = 512;

/** What is wanted, and what was asked for on the present connection. What a turn wants is asked for at its end, in few commands. */
export class Subscriptions {
  /** How often each channel is wanted. */
  readonly #wanted = new Map<string, number>();
  readonly #asked = new Set<string>();
  readonly #changed = new Set<string>();
  readonly #broken: (error: unknown) => void;
  #subscriber: Subscriber | undefined;
  #underWay: Promise<void> | undefined;

  /** `broken` hears that a subscription was refused. */
  constructor(broken: (error: unknown) => void) {
    this.#broken = broken;
  }

  want(channel: string): void {
    this.#wanted.set(channel, (this.#wanted.get(channel) ?? 0) + 1);
    this.#change(channel);
  }

  drop(channel: string): void {
    const left = (this.#wanted.get(channel) ?? 0) - 1;
    if (left > 0) this.#wanted.set(channel, left);
    else this.#wanted.delete(channel);
    this.#change(channel);
  }

  isWanted(channel: string): boolean {
    return this.#wanted.has(channel);
  }

  /** Asks a new connection for everything that is wanted. */
  async begin(subscriber: Subscriber): Promise<void> {
    this.#subscriber = subscriber;
    this.#asked.clear();
    this.#changed.clear();
    for (const channel of this.#wanted.keys()) this.#changed.add(channel);
    await this.#ask(subscriber);
  }

  end(): void {
    this.#subscriber = undefined;
    this.#underWay = undefined;
  }

  /** Done when all that was wanted until now is subscribed; at once while there is no connection. */
  settled(): Promise<void> | undefined {
    return this.#underWay;
  }

  #change(channel: string): void {
    const subscriber = this.#subscriber;
    if (!subscriber) return;
    this.#changed.add(channel);
    if (this.#changed.size > 1) return;
    const asked = Promise.resolve()
      .then(() => this.#ask(subscriber))
      .catch((error: unknown) => {
        if (this.#subscriber === subscriber) this.#broken(error);
      });
    const all = Promise.all([this.#underWay, asked]).then(() => {
      if (this.#underWay === all) this.#underWay = undefined;
    });
    this.#underWay = all;
  }

  async #ask(subscriber: Subscriber): Promise<void> {
    if (this.#subscriber !== subscriber) return;
    const more: string[] = [];
    const fewer: string[] = [];
    for (const channel of this.#changed) {
      if (this.isWanted(channel) === this.#asked.has(channel)) continue;
      if (this.#asked.delete(channel)) fewer.push(channel);
      else {
        this.#asked.add(channel);
        more.push(channel);
      }
    }
    this.#changed.clear();
    const inBatches = (channels: string[], ask: (batch: string[]) => Promise<unknown>) =>
      Array.from({ length: Math.ceil(channels.length / BATCH) }, (_, at) =>
        ask(channels.slice(at * BATCH, (at + 1) * BATCH)),
      );
    await Promise.all([
      ...inBatches(fewer, (batch) => subscriber.unsubscribe(batch)),
      ...inBatches(more, (batch) => subscriber.subscribe(batch)),
    ]);
  }
}
