import { type DownFrame, type HelloFrame, refusal, TidewireError, type WelcomeFrame } from "@tidewire/wire";
import { createTokens, type Tokens } from "../connection/auth.ts";
import { type Clock, systemClock } from "../connection/clock.ts";
import type { ConnectionOptions } from "../connection/options.ts";
import { IDLE, type Status } from "../connection/status.ts";
import { Calls } from "./calls.ts";
import type { Carrier } from "./carrier.ts";
import type { HubLine } from "./hub-line.ts";
import { refused } from "./hub-line.ts";
import { Lines } from "./lines.ts";
import type { TopicState } from "./topic-state.ts";
import { TopicTable } from "./topic-table.ts";
import { Uplink, type UpMessage } from "./uplink.ts";

/** How a client keeps its one line, and what it does with what cannot go up. */
export interface SessionOptions extends Omit<ConnectionOptions, "lastEventId" | "end" | "ping" | "pingMs" | "pongMs"> {
  /** While the line is down: "reject" sends at once (default), or "queue" them until it is back. */
  readonly whileDown?: "reject" | "queue" | undefined;
  /** The most messages that wait for the hub's word. Default 1000. */
  readonly queueMessages?: number | undefined;
  /** The most bytes that wait. Default 1 048 576. */
  readonly queueBytes?: number | undefined;
  /** How long a call may wait for its answer, in milliseconds. Default 30 000. */
  readonly callTimeoutMs?: number | undefined;
  /** The period of liveness that is asked of the hub, in milliseconds, 5000 to 60 000. Default: the hub's own, 10 000. */
  readonly heartbeatMs?: number | undefined;
  /** Told of each error that the client survives. Default: the console. */
  readonly onError?: ((error: TidewireError) => void) | undefined;
  /** What `client.cursor()` gave on an earlier page: reading goes on from there. */
  readonly cursor?: string | undefined;
}

/** How long a line outlives the last thing that was sent on it, in milliseconds. */
const SEND_LINGER_MS = 1000;

/** What a client and a hub know of each other, whichever line carries it. */
export class Session {
  sid: string | undefined;
  readonly uplink: Uplink;
  readonly calls: Calls;
  readonly #options: SessionOptions;
  readonly #clock: Clock;
  readonly #tokens: Tokens | undefined;
  readonly #lines: Lines;
  readonly topics: TopicTable;
  readonly #statusListeners = new Set<(status: Status) => void>();
  #cancelRest: () => void = () => {};
  #gen = 0;
  #ids = 0;
  #heartbeatMs: number;

  constructor(carrier: Carrier, options: SessionOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#heartbeatMs = options.heartbeatMs ?? 10_000;
    this.#tokens = options.auth ? createTokens(options.auth, this.#clock) : undefined;
    this.topics = new TopicTable(this, options.cursor, this.#clock);
    this.uplink = new Uplink(options.queueMessages ?? 1000, options.queueBytes ?? 1_048_576);
    this.calls = new Calls(this.#clock, options.callTimeoutMs ?? 30_000);
    const tokens = this.#tokens;
    this.#lines = new Lines(this, carrier, this.#clock, {
      ...options,
      auth: tokens ? () => tokens.get() : undefined,
    });
  }

  get status(): Status {
    return this.#lines.status;
  }

  /** No byte for one and a half periods: the line is dead (PROTOCOL.md rule 14). */
  get silenceMs(): number {
    return this.#options.silenceMs ?? this.#heartbeatMs * 1.5;
  }

  watch(listener: (status: Status) => void): () => void {
    this.#statusListeners.add(listener);
    return () => void this.#statusListeners.delete(listener);
  }

  nextId(): number {
    this.#ids += 1;
    return this.#ids;
  }

  want(topic: TopicState): void {
    this.topics.wanted.add(topic);
    this.#lines.want(topic);
    this.showTopic(topic);
  }

  unwant(topic: TopicState): void {
    this.topics.wanted.delete(topic);
    this.#lines.unwant(topic);
    this.restIfIdle();
  }

  /** A client that only sends keeps its line for a moment: what it sends next is soon. */
  #restSoon(): void {
    this.#cancelRest();
    this.#cancelRest = this.#clock.after(SEND_LINGER_MS, () => this.restIfIdle());
  }

  /** Without readers and without anything on its way up, there is no need of a line. */
  restIfIdle(): void {
    if (this.topics.wanted.size === 0 && this.uplink.isEmpty && this.calls.isEmpty) this.#lines.stop();
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
    const done = this.uplink.add(message);
    this.#lines.start();
    this.#lines.pump();
    try {
      await done;
    } finally {
      this.#restSoon();
    }
  }

  async call(method: string, data: unknown): Promise<unknown> {
    const id = this.nextId();
    const answer = this.calls.open(id);
    this.send({ k: "call", id, m: method, d: data }, false).catch((error: TidewireError) =>
      this.calls.refuse(id, error),
    );
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

  hello(token: string | undefined): HelloFrame {
    this.#gen += 1;
    const { heartbeatMs } = this.#options;
    return {
      k: "hello",
      v: 1,
      gen: this.#gen,
      n: this.uplink.first,
      subs: [...this.topics.wanted].map((topic) => topic.place()),
      ...(this.sid === undefined ? {} : { sid: this.sid }),
      ...(token === undefined ? {} : { token }),
      ...(heartbeatMs === undefined ? {} : { ping: heartbeatMs }),
    };
  }

  welcomed(line: HubLine, { sid, ack, ping, exp }: WelcomeFrame): void {
    this.sid = sid;
    this.#heartbeatMs = ping;
    if (!this.isSide(line)) {
      this.uplink.ack(ack);
      this.uplink.rewind();
      if (ack < this.uplink.first - 1) line.takeOver();
    }
    if (exp !== undefined) this.renewBefore(line, exp);
  }

  /** A line was welcomed, or has replayed one more topic. */
  lineChanged(line: HubLine): void {
    this.#lines.changed(line);
    for (const topic of [...this.topics.wanted]) this.showTopic(topic);
  }

  isCurrent(line: HubLine): boolean {
    return this.#lines.isCurrent(line);
  }

  isSide(line: HubLine): boolean {
    return this.#lines.isSide(line);
  }

  pump(line: HubLine): void {
    if (!this.isSide(line)) line.pump();
  }

  answered(id: number, data: unknown): void {
    this.calls.answer(id, data);
  }

  refused({ id, n, code, msg, after, reason }: Extract<DownFrame, { k: "err" }>): void {
    const said = after === undefined ? msg : `${msg} (again in ${after} ms)`;
    const error = reason === undefined ? refused(code, said) : refusal(reason, msg);
    if (n !== undefined) this.uplink.refuse(n, error);
    if (id !== undefined && !this.calls.refuse(id, error) && n === undefined) this.report(error);
  }

  forgetToken(): void {
    this.#tokens?.forget();
  }

  /** Gives the hub a fresh token on the line that is open. */
  renew(line: HubLine): void {
    const tokens = this.#tokens;
    if (!tokens) return;
    tokens.forget();
    tokens.get().then(
      (token) => this.isCurrent(line) && line.say({ k: "auth", id: this.nextId(), token }),
      (error: TidewireError) => this.report(error),
    );
  }

  /** Half-way through the credentials' life there is time for a second try. */
  renewBefore(line: HubLine, expMs: number): void {
    this.#lines.later(line, expMs / 2, () => this.renew(line));
  }

  moveSoon(afterMs: number): void {
    this.#lines.moveSoon(afterMs);
  }

  report(error: TidewireError): void {
    if (this.#options.onError) this.#options.onError(error);
    else console.warn(`[tidewire] ${error.message}`);
  }

  /** The status of the client is another. */
  show(status: Status): void {
    if (status.status === "failed" || status.status === "closed") {
      const error = status.error ?? new TidewireError("not-open", "The client is closed.");
      this.uplink.end(error);
      this.calls.end(error);
      for (const topic of [...this.topics.wanted]) {
        if (status.status === "failed") topic.end(status.error);
        else topic.close();
      }
    }
    for (const topic of [...this.topics.wanted]) this.showTopic(topic);
    for (const listener of [...this.#statusListeners]) listener(status);
  }

  showTopic(topic: TopicState): void {
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
