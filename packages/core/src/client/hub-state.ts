import { type DownFrame, type HelloFrame, refusal, type TidewireError, type WelcomeFrame } from "@tidewire/wire";
import { createTokens, type Tokens } from "../connection/auth.ts";
import type { Clock } from "../connection/clock.ts";
import { Calls } from "./calls.ts";
import { refused } from "./refused.ts";
import type { SessionOptions } from "./session-options.ts";
import type { TopicHost } from "./topic-state.ts";
import { TopicTable } from "./topic-table.ts";
import { Uplink } from "./uplink.ts";

/** What a client and its hub know of each other, whichever line carries it. It knows of no line. */
export class HubState {
  /** The session's name, once the hub has said it. */
  sid: string | undefined;
  readonly topics: TopicTable;
  readonly uplink: Uplink;
  readonly calls: Calls;
  readonly tokens: Tokens | undefined;
  readonly #options: SessionOptions;
  #gen = 0;
  #ids = 0;
  #heartbeatMs: number;

  constructor(host: TopicHost, options: SessionOptions, clock: Clock) {
    this.#options = options;
    this.#heartbeatMs = options.heartbeatMs ?? 10_000;
    this.topics = new TopicTable(host, options.cursor, clock);
    this.uplink = new Uplink(
      {
        maxMessages: options.queueMessages ?? 1000,
        maxBytes: options.queueBytes ?? 1_048_576,
        timeoutMs: options.sendTimeoutMs ?? 30_000,
      },
      clock,
    );
    this.calls = new Calls(clock, options.callTimeoutMs ?? 30_000);
    this.tokens = options.auth && createTokens(options.auth, clock);
  }

  /** No byte for one and a half periods: the line is dead (PROTOCOL.md rule 14). */
  get silenceMs(): number {
    return this.#options.silenceMs ?? this.#heartbeatMs * 1.5;
  }

  /** Without readers and without anything on its way up, there is no need of a line. */
  get isIdle(): boolean {
    return this.topics.wanted.size === 0 && this.uplink.isEmpty && this.calls.isEmpty;
  }

  nextId(): number {
    this.#ids += 1;
    return this.#ids;
  }

  /** The generation of the next line. */
  nextGen(): number {
    this.#gen += 1;
    return this.#gen;
  }

  /** Everything that is read, with where it stands. */
  hello(gen: number, token: string | undefined): HelloFrame {
    const { heartbeatMs } = this.#options;
    return {
      k: "hello",
      v: 1,
      gen,
      n: this.uplink.first,
      subs: [...this.topics.wanted].map((topic) => topic.place()),
      ...(this.sid === undefined ? {} : { sid: this.sid }),
      ...(token === undefined ? {} : { token }),
      ...(heartbeatMs === undefined ? {} : { ping: heartbeatMs }),
    };
  }

  welcomed({ sid, ping, max }: WelcomeFrame): void {
    this.sid = sid;
    this.#heartbeatMs = ping;
    this.uplink.maxChars = max;
  }

  /** The hub would not do one thing. */
  refused({ id, n, code, msg, after, reason }: Extract<DownFrame, { k: "err" }>): void {
    const said = after === undefined ? msg : `${msg} (again in ${after} ms)`;
    const error = reason === undefined ? refused(code, said) : refusal(reason, msg);
    if (n !== undefined) this.uplink.refuse(n, error);
    if (id !== undefined && !this.calls.refuse(id, error) && n === undefined) this.report(error);
  }

  /** Whoever waits for the hub's word waits in vain. */
  end(error: TidewireError): void {
    this.uplink.end(error);
    this.calls.end(error);
  }

  report(error: TidewireError): void {
    if (this.#options.onError) this.#options.onError(error);
    else console.warn(`[tidewire] ${error.message}`);
  }
}
