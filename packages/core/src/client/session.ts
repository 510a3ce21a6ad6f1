import { TidewireError } from "@tidewire/wire";
import { type Clock, systemClock } from "../connection/clock.ts";
import { IDLE, type Status } from "../connection/status.ts";
import type { Carrier } from "./carrier.ts";
import { HubState } from "./hub-state.ts";
import { Lines } from "./lines.ts";
import type { SessionOptions } from "./session-options.ts";
import type { TopicHost, TopicState } from "./topic-state.ts";
import type { UpMessage } from "./uplink.ts";

/** How long a line outlives the last thing that was sent on it, in milliseconds. */
const SEND_LINGER_MS = 1000;

/** Brings together what a client and a hub know of each other and the lines that carry it. */
export class Session implements TopicHost {
  readonly state: HubState;
  readonly #lines: Lines;
  readonly #options: SessionOptions;
  readonly #clock: Clock;
  readonly #statusListeners = new Set<(status: Status) => void>();
  #cancelRest: () => void = () => {};

  constructor(carrier: Carrier, options: SessionOptions) {
    const { clock = systemClock } = options;
    this.#options = options;
    this.#clock = clock;
    this.state = new HubState(this, options, clock);
    this.#lines = new Lines(this.state, carrier, clock, options, {
      status: (status) => this.#show(status),
      progress: () => this.#showTopics(),
    });
  }

  get status(): Status {
    return this.#lines.status;
  }

  watch(listener: (status: Status) => void): () => void {
    this.#statusListeners.add(listener);
    return () => void this.#statusListeners.delete(listener);
  }

  want(topic: TopicState): void {
    this.state.topics.wanted.add(topic);
    this.#lines.want(topic);
    this.#showTopic(topic);
  }

  unwant(topic: TopicState): void {
    this.state.topics.wanted.delete(topic);
    this.#lines.unwant(topic);
    this.#restIfIdle();
  }

  async send(message: UpMessage, isVolatile: boolean | undefined): Promise<void> {
    const isOpen = this.#lines.isOpen;
    if (!isOpen && isVolatile) return;
    if (!isOpen && this.status.status !== "idle" && this.#options.whileDown !== "queue") {
      throw new TidewireError(
        "not-open",
        'Nothing was sent: the line is down. Wait for "open", or give whileDown: "queue".',
      );
    }
    const done = this.state.uplink.add(message);
    this.#lines.start();
    this.#lines.pump();
    try {
      await done;
    } finally {
      this.#restSoon();
    }
  }

  async call(method: string, data: unknown): Promise<unknown> {
    const { calls } = this.state;
    const id = this.state.nextId();
    const answer = calls.open(id);
    this.send({ k: "call", id, m: method, d: data }, false).catch((error: TidewireError) => calls.refuse(id, error));
    try {
      return await answer;
    } finally {
      this.#restSoon();
    }
  }

  reconnect(): void {
    this.#lines.reconnect();
  }

  close(): void {
    this.#cancelRest();
    this.#lines.close();
  }

  report(error: TidewireError): void {
    this.state.report(error);
  }

  /** A client that only sends keeps its line for a moment: what it sends next is soon. */
  #restSoon(): void {
    this.#cancelRest();
    this.#cancelRest = this.#clock.after(SEND_LINGER_MS, () => this.#restIfIdle());
  }

  #restIfIdle(): void {
    if (this.state.isIdle) this.#lines.stop();
  }

  /** The status of the client is another. */
  #show(status: Status): void {
    if (status.status === "failed" || status.status === "closed") this.#end(status);
    this.#showTopics();
    for (const listener of [...this.#statusListeners]) listener(status);
  }

  #end({ error }: Status): void {
    this.state.end(error ?? new TidewireError("not-open", "The client is closed."));
    for (const topic of [...this.state.topics.wanted]) {
      if (error) topic.end(error);
      else topic.close();
    }
  }

  #showTopics(): void {
    for (const topic of [...this.state.topics.wanted]) this.#showTopic(topic);
  }

  #showTopic(topic: TopicState): void {
    const { status } = this;
    const isBehind = (status.status === "open" || status.status === "catching-up") && this.#lines.isReplaying(topic);
    if (isBehind) {
      if (topic.status.status !== "catching-up")
        topic.show({ status: "catching-up", since: this.#clock.now(), error: undefined });
    } else if (status.status === "catching-up") {
      if (topic.status.status !== "open") topic.show({ status: "open", since: this.#clock.now(), error: undefined });
    } else topic.show(status === IDLE ? IDLE : status);
  }
}
