import type { TidewireError } from "@tidewire/wire";
import type { Clock } from "../connection/clock.ts";
import { type Connection, createConnection } from "../connection/connection.ts";
import type { ConnectionOptions } from "../connection/options.ts";
import type { Status } from "../connection/status.ts";
import type { Transport } from "../transport/transport.ts";
import type { Carrier } from "./carrier.ts";
import { HubLine, type LineKeeper } from "./hub-line.ts";
import type { HubState } from "./hub-state.ts";
import type { TopicState } from "./topic-state.ts";

/** A connection and the hub line that it has now. */
interface Link {
  readonly connection: Connection;
  line: HubLine | undefined;
}

/** A handover that failed is tried again after this long, in milliseconds. */
const HANDOVER_RETRY_MS = 5000;

/** What the lines of a client tell it. */
export interface LinesEvents {
  /** The line that carries stands otherwise. */
  status(status: Status): void;
  /** It was welcomed, or has replayed one more topic. */
  progress(): void;
}

/** The one line of a client, and for the time of a handover a second one (PROTOCOL.md rule 10). */
export class Lines implements LineKeeper {
  readonly #state: HubState;
  readonly #events: LinesEvents;
  readonly #carrier: Carrier;
  readonly #clock: Clock;
  readonly #options: ConnectionOptions;
  #main: Link;
  #side: Link | undefined;
  #cancelHandover: (() => void) | undefined;
  readonly #timers = new Set<() => void>();
  #isStarting = false;

  constructor(state: HubState, carrier: Carrier, clock: Clock, options: ConnectionOptions, events: LinesEvents) {
    const { tokens } = state;
    this.#state = state;
    this.#carrier = carrier;
    this.#clock = clock;
    this.#options = { ...options, auth: tokens && (() => tokens.get()) };
    this.#events = events;
    this.#main = this.#link();
  }

  get status(): Status {
    return this.#main.connection.status;
  }

  get isOpen(): boolean {
    return this.#main.line?.isWelcome === true;
  }

  isCurrent(line: HubLine): boolean {
    return line === this.#main.line || line === this.#side?.line;
  }

  isSide(line: HubLine): boolean {
    return line === this.#side?.line;
  }

  isReplaying(topic: TopicState): boolean {
    return this.#main.line?.isReplaying(topic) ?? true;
  }

  /** Dials in a moment, so that one hello asks for all topics that are read in one turn. */
  start(): void {
    if (this.#isStarting) return;
    this.#isStarting = true;
    queueMicrotask(() => {
      if (this.#isStarting) this.#main.connection.start();
      this.#isStarting = false;
    });
  }

  stop(): void {
    this.#rest();
    // What has ended keeps saying how, until somebody reads again.
    if (this.status.status !== "closed" && this.status.status !== "failed") this.#main.connection.stop();
  }

  close(): void {
    this.#rest();
    this.#main.connection.close();
  }

  reconnect(): void {
    this.#dropSide();
    this.#main.connection.reconnect();
  }

  want(topic: TopicState): void {
    const { line } = this.#main;
    if (line === undefined) return this.start();
    if (line.asked.has(topic) || !line.isWelcome) return; // what an unwelcome line was not asked for follows its welcome
    if (!line.subscribe(topic)) this.#handoverSoon(0);
  }

  unwant(topic: TopicState): void {
    const { line } = this.#main;
    if (line?.isWelcome && line.asked.has(topic) && !line.unsubscribe(topic)) this.#handoverSoon(0);
  }

  pump(): void {
    // The side line takes over with the next number that is not acknowledged: until then the uplink rests.
    if (this.#side?.line?.isCaughtUp !== true) this.#main.line?.pump();
  }

  /** A line was welcomed, or has replayed one more topic. */
  changed(line: HubLine): void {
    this.#goOn(line);
    this.#events.progress();
  }

  move(afterMs: number): void {
    if (this.#cancelHandover === undefined) this.#handoverSoon(afterMs); // said again, it is no later
  }

  /** Gives the hub a fresh token on a line that is open. */
  renew(line: HubLine, inMs?: number): void {
    if (inMs !== undefined) return this.#later(line, inMs, () => this.renew(line));
    const { tokens } = this.#state;
    if (!tokens) return;
    tokens.forget();
    tokens.get().then(
      (token) => this.isCurrent(line) && line.say({ k: "auth", id: this.#state.nextId(), token }),
      (error: TidewireError) => this.#state.report(error),
    );
  }

  /** Runs while this line is current, and not after. */
  #later(line: HubLine, ms: number, run: () => void): void {
    const cancel = this.#clock.after(ms, () => {
      this.#timers.delete(cancel);
      if (this.isCurrent(line)) run();
    });
    this.#timers.add(cancel);
  }

  #goOn(line: HubLine): void {
    if (this.isSide(line)) {
      if (line.isCaughtUp) this.#switch();
      return;
    }
    if (!line.isWelcome) return;
    this.#mend(line);
    line.pump();
  }

  /** What came or went while the line was opening. */
  #mend(line: HubLine): void {
    const wanted = new Set(this.#state.topics.wanted);
    for (const topic of wanted) if (!line.asked.has(topic)) this.want(topic);
    for (const topic of line.asked) if (!wanted.has(topic)) this.unwant(topic);
  }

  /** However many topics come and go in one turn, one handover serves them all. */
  #handoverSoon(ms: number): void {
    this.#cancelHandover?.();
    this.#cancelHandover = this.#clock.after(ms, () => {
      this.#cancelHandover = undefined;
      this.#handover();
    });
  }

  #handover(): void {
    if (!this.isOpen || this.#state.topics.wanted.size === 0) return;
    this.#dropSide();
    this.#side = this.#link();
    this.#side.connection.start();
  }

  /** The side line has everything, or is the only one left: it takes over, and the older one is closed. */
  #switch(): void {
    const old = this.#main;
    const side = this.#side;
    if (side === undefined) return;
    this.#main = side;
    this.#side = undefined;
    if (side.line?.isWelcome) side.line.takeOver();
    old.connection.stop();
    for (const topic of this.#state.topics.wanted) topic.releaseGap();
    this.#state.uplink.rewind();
    this.#events.status(this.status);
    if (side.line?.hasMissed) side.line.resync();
    else if (side.line) this.#goOn(side.line);
  }

  #dropSide(): void {
    const side = this.#side;
    this.#side = undefined;
    side?.connection.stop();
  }

  #rest(): void {
    this.#isStarting = false;
    this.#cancelHandover?.();
    this.#cancelHandover = undefined;
    this.#dropSide();
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }

  #onStatus(link: Link, status: Status): void {
    const isLost = status.status === "waiting" || status.status === "paused";
    if (link === this.#main && isLost && this.#side) return this.#switch();
    if (link === this.#main) return this.#events.status(status);
    if (link !== this.#side || status.status === "connecting" || status.status === "open") return;
    if (status.status === "catching-up") return;
    // The handover failed, and nothing changed; what it was for still holds.
    this.#dropSide();
    this.#handoverSoon(HANDOVER_RETRY_MS);
  }

  #link(): Link {
    const state = this.#state;
    const transport: Transport = {
      name: this.#carrier.name,
      key: undefined,
      settings: {},
      canRedial: true,
      get silenceMs() {
        return state.silenceMs;
      },
      open: (dial, events) => {
        const line = new HubLine(state, this, this.#carrier, dial, events, this.#clock);
        link.line = line;
        return line;
      },
    };
    const link: Link = {
      connection: createConnection(transport, this.#options, {
        message() {},
        status: (status) => {
          if (status.status !== "open" && status.status !== "catching-up") link.line = undefined;
          this.#onStatus(link, status);
        },
      }),
      line: undefined,
    };
    return link;
  }
}
