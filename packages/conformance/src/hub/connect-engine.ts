import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { Engine, FeedEvents } from "@tidewire/server";
import { type Deferred, deferred } from "../faults/deferred.ts";
import { type Asked, hear, type Question, say, type Told } from "./engine-socket.ts";

/** How soon a line to the engine that broke is dialled again, in milliseconds. */
const REDIAL_MS = 20;

/** One feed, and what has to be asked for again on each new line. */
interface OpenFeed {
  readonly events: FeedEvents;
  readonly wanted: Set<string>;
}

/** An engine in another process: as plain as an engine over a network can be, and it fails as they do. */
class EngineOverSocket implements Engine {
  readonly #port: number;
  readonly #waiting = new Map<number, Deferred<unknown>>();
  readonly #feeds = new Map<number, OpenFeed>();
  #line: Socket | undefined;
  #dialled: Socket | undefined;
  #numbers = 0;
  #isClosed = false;

  constructor(port: number) {
    this.#port = port;
  }

  append: Engine["append"] = (...given) => this.#ask("append", given);
  read: Engine["read"] = (...given) => this.#ask("read", given);
  tops: Engine["tops"] = (...given) => this.#ask("tops", given);
  lineage: Engine["lineage"] = () => this.#ask("lineage", []);
  forget: Engine["forget"] = (...given) => this.#ask("forget", given);

  feed: Engine["feed"] = (events) => {
    this.#numbers += 1;
    const feed = this.#numbers;
    const wanted = new Set<string>();
    this.#feeds.set(feed, { events, wanted });
    this.#say({ feed, act: "open" });
    return {
      want: (topic) => {
        wanted.add(topic);
        this.#say({ feed, act: "want", topic });
      },
      drop: (topic) => {
        wanted.delete(topic);
        this.#say({ feed, act: "drop", topic });
      },
      close: () => {
        this.#feeds.delete(feed);
        this.#say({ feed, act: "close" });
      },
    };
  };

  close(): void {
    this.#isClosed = true;
    this.#dialled?.destroy();
  }

  /** Dials until there is a line, and again whenever it broke. */
  dial(): Socket {
    const socket = connect({ port: this.#port, host: "127.0.0.1", noDelay: true });
    this.#dialled = socket;
    socket.on("error", () => {}); // `close` follows
    socket.on("connect", () => this.#up(socket));
    socket.on("close", () => {
      if (this.#line === socket) this.#down();
      if (!this.#isClosed) setTimeout(() => this.#isClosed || this.dial(), REDIAL_MS);
    });
    hear<Told>(socket, (told) => this.#told(told));
    return socket;
  }

  #up(socket: Socket): void {
    this.#line = socket;
    for (const [feed, { events, wanted }] of this.#feeds) {
      this.#say({ feed, act: "open" });
      for (const topic of wanted) this.#say({ feed, act: "want", topic });
      events.state("up");
    }
  }

  #down(): void {
    this.#line = undefined;
    // Whether it was done is unknown: only an idempotency key makes a second try harmless.
    for (const { reject } of this.#waiting.values()) reject(new Error("The line to the engine broke."));
    this.#waiting.clear();
    for (const { events } of this.#feeds.values()) events.state("down");
  }

  #say(asked: Asked): void {
    if (this.#line) say(this.#line, asked);
  }

  #ask<Answer>(question: Question, given: readonly unknown[]): Promise<Answer> {
    if (!this.#line) return Promise.reject(new Error("The engine cannot be reached."));
    this.#numbers += 1;
    const answer = deferred<unknown>();
    this.#waiting.set(this.#numbers, answer);
    this.#say({ id: this.#numbers, question, given });
    return answer.promise as Promise<Answer>;
  }

  #told(told: Told): void {
    if ("feed" in told) return this.#feeds.get(told.feed)?.events.entry(told.topic, told.entry);
    const answer = this.#waiting.get(told.id);
    this.#waiting.delete(told.id);
    if ("fault" in told) answer?.reject(new Error(told.fault));
    else answer?.resolve(told.answer);
  }
}

/** The engine that `serveEngine` serves on this port of loopback. */
export async function connectEngine(port: number): Promise<Engine> {
  const engine = new EngineOverSocket(port);
  await once(engine.dial(), "connect");
  return engine;
}
