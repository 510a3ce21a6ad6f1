import type { DownFrame, HelloFrame, MessageFrame, UpFrame, WelcomeFrame } from "@tidewire/wire";
import { TidewireError } from "@tidewire/wire";
import type { Clock } from "../connection/clock.ts";
import type { Dial, Line, LineEnd, LineEvents } from "../transport/transport.ts";
import type { Carrier, CarrierLine } from "./carrier.ts";
import type { HubState } from "./hub-state.ts";
import { endOfCode, refused } from "./refused.ts";
import type { TopicState } from "./topic-state.ts";

/** Who keeps the lines: which of them counts, and what follows from what a line was told. */
export interface LineKeeper {
  /** False for a line that was let go of: what it still says counts no more. */
  isCurrent(line: HubLine): boolean;
  /** True while an older line still carries. */
  isSide(line: HubLine): boolean;
  /** The line was welcomed, or has replayed one more topic. */
  changed(line: HubLine): void;
  /** The hub wants the client to be elsewhere. */
  move(afterMs: number): void;
  /** The credentials that the line was opened with end in so many milliseconds: now, when not said. */
  renew(line: HubLine, inMs?: number): void;
}

/** What an alias stands for on one line. */
interface Alias {
  readonly topic: TopicState;
  e: number;
}

/** One line to a hub, from its hello to its end: aliases, replays, and what goes up on it. */
export class HubLine implements Line {
  readonly bufferedAmount = 0;
  readonly gen: number;
  /** Topics that this line was asked for. */
  readonly asked: Set<TopicState>;
  isWelcome = false;
  #isOver = false;
  /** True when it brought messages that had to wait for what the older line might still bring. */
  hasMissed = false;
  readonly #state: HubState;
  readonly #keeper: LineKeeper;
  readonly #events: LineEvents;
  readonly #carrier: Carrier;
  readonly #line: CarrierLine;
  readonly #aliases = new Map<number, Alias>();
  /** Replays that are not done. */
  readonly #replaying: Set<TopicState>;
  /** What was asked of the hub on this line, by the number of the question. */
  readonly #questions = new Map<number, TopicState>();

  constructor(state: HubState, keeper: LineKeeper, carrier: Carrier, dial: Dial, events: LineEvents, clock: Clock) {
    this.#state = state;
    this.#keeper = keeper;
    this.#carrier = carrier;
    this.#events = events;
    this.gen = state.nextGen();
    this.asked = new Set(state.topics.wanted);
    this.#replaying = new Set(this.asked);
    this.#line = carrier.open(
      state.hello(this.gen, dial.token),
      dial,
      {
        frames: (frames) => this.#frames(frames),
        hello: () => this.#helloAgain(),
        alive: () => events.alive(),
        ready: () => {
          if (!keeper.isSide(this)) this.pump();
        },
        rewind: () => state.uplink.rewind(),
        closed: (end) => this.#closed(end),
      },
      clock,
    );
  }

  get isCaughtUp(): boolean {
    return this.isWelcome && this.#replaying.size === 0;
  }

  isReplaying(topic: TopicState): boolean {
    return !this.isWelcome || !this.asked.has(topic) || this.#replaying.has(topic);
  }

  /** Lines are written to by the client alone. */
  send(): void {
    throw new TidewireError("send-unsupported", "Send through a topic of the client.");
  }

  close(): void {
    this.#isOver = true;
    this.#line.close();
  }

  /** Numbered frames, as many as the line takes now. */
  pump(): void {
    const { uplink } = this.#state;
    while (this.isWelcome && this.#line.isReady) {
      const frames = uplink.take();
      if (frames.length === 0) return;
      this.#line.sendNumbered(frames, this.#place());
    }
  }

  /** From now on the uplink is this line's. Its node does not know what went up elsewhere since its hello. */
  takeOver(): void {
    this.say({ k: "switch", gen: this.gen, n: this.#state.uplink.first });
  }

  say(frame: UpFrame): void {
    this.#line.send(frame, this.#place());
  }

  /** Reads one more topic on this line; false where that takes another line. */
  subscribe(topic: TopicState): boolean {
    if (!this.#carrier.canSubscribe) return false;
    this.asked.add(topic);
    this.#replaying.add(topic);
    const id = this.#state.nextId();
    this.#questions.set(id, topic);
    this.say({ k: "sub", id, ...topic.place() });
    return true;
  }

  unsubscribe(topic: TopicState): boolean {
    if (!this.#carrier.canSubscribe) return false;
    this.#forget(topic);
    this.say({ k: "unsub", id: this.#state.nextId(), t: topic.name });
    return true;
  }

  /** One line of many requests asks anew in each of them, and so takes topics that came and went meanwhile. */
  async #helloAgain(): Promise<HelloFrame> {
    const token = await this.#state.tokens?.get();
    const { wanted } = this.#state.topics;
    for (const topic of this.asked) if (!wanted.has(topic)) this.#forget(topic);
    for (const topic of wanted) {
      if (this.asked.has(topic)) continue;
      this.asked.add(topic);
      this.#replaying.add(topic);
    }
    return this.#state.hello(this.gen, token);
  }

  #forget(topic: TopicState): void {
    this.asked.delete(topic);
    this.#replaying.delete(topic);
  }

  #place() {
    return { sid: this.#state.sid ?? "", gen: this.gen, n: this.#state.uplink.first };
  }

  #frames(frames: readonly (MessageFrame | DownFrame)[]): void {
    for (const frame of frames) {
      if (this.#isOver) return;
      if ("k" in frame) this.#frame(frame);
      else this.#message(frame);
    }
  }

  #message([a, o, p, d]: MessageFrame): void {
    const alias = this.#aliases.get(a);
    if (alias === undefined || !this.#keeper.isCurrent(this)) return;
    const { topic, e } = alias;
    const verdict = topic.gate.message(e, p, o);
    if (verdict === "deliver") topic.deliver(d);
    else if (verdict === "resync" && this.#keeper.isSide(this)) this.hasMissed = true;
    else if (verdict === "resync") this.resync();
  }

  /** Something is missing that was not announced: another line, from the vector. */
  resync(): void {
    this.#closed({ afterMs: 0 });
  }

  #frame(frame: DownFrame): void {
    const state = this.#state;
    switch (frame.k) {
      case "welcome":
        return this.#welcomed(frame);
      case "sub":
        return this.#sub(frame);
      case "gap":
        return this.#gap(frame);
      case "live":
        return this.#live(state.topics.find(frame.t));
      case "end":
        return this.#end(frame);
      case "ack":
        return state.uplink.ack(frame.n);
      case "ok":
        return state.calls.answer(frame.id, frame.d);
      case "err":
        return this.#refused(frame);
      case "ping":
        return this.say({ k: "pong", ts: frame.ts });
      case "exp":
        return this.#keeper.renew(this);
      case "move":
        return this.#keeper.move(frame.after);
      case "bye":
        return this.#closed(endOfCode(frame.code, frame.msg, frame.after));
    }
  }

  #welcomed(frame: WelcomeFrame): void {
    const { uplink } = this.#state;
    const isFirst = !this.isWelcome;
    this.isWelcome = true;
    this.#state.welcomed(frame);
    if (!this.#keeper.isSide(this)) {
      uplink.ack(frame.ack);
      if (isFirst) uplink.rewind(); // what goes up beside later welcomes is on its way
      if (frame.ack < uplink.first - 1) this.takeOver();
    }
    // Half-way through the credentials' life there is time for a second try.
    if (isFirst && frame.exp !== undefined) this.#keeper.renew(this, frame.exp / 2);
    this.#events.opened(!this.isCaughtUp);
    this.#keeper.changed(this);
  }

  #refused(frame: Extract<DownFrame, { k: "err" }>): void {
    const topic = frame.id === undefined ? undefined : this.#questions.get(frame.id);
    if (frame.id === undefined || topic === undefined) return this.#state.refused(frame);
    this.#questions.delete(frame.id);
    this.#end({ t: topic.name, code: frame.code, msg: frame.msg });
  }

  #sub({ id, t, a, e, o }: Extract<DownFrame, { k: "sub" }>): void {
    if (id !== undefined) this.#questions.delete(id);
    const topic = this.#state.topics.find(t);
    if (topic === undefined) return;
    this.#aliases.set(a, { topic, e });
    topic.gate.begin({ e, o });
  }

  #gap(frame: Extract<DownFrame, { k: "gap" }>): void {
    const topic = this.#state.topics.find(frame.t);
    if (topic === undefined) return;
    for (const alias of this.#aliases.values()) if (alias.topic === topic) alias.e = frame.e;
    // The older line may still have what this one has not: then its messages, and not a gap, come next.
    const isOfNoOtherLog = topic.gate.cursor?.e === frame.e || frame.why === "rollback";
    const mayStillCome = this.#keeper.isSide(this) && isOfNoOtherLog;
    if (mayStillCome) topic.heldGap = frame;
    else topic.gap(frame);
  }

  #live(topic: TopicState | undefined): void {
    if (topic === undefined || !this.#replaying.delete(topic)) return;
    if (this.isCaughtUp) this.#events.caughtUp();
    this.#keeper.changed(this);
  }

  #end({ t, code, msg }: Omit<Extract<DownFrame, { k: "end" }>, "k">): void {
    const topic = this.#state.topics.find(t);
    if (topic === undefined) return;
    this.asked.delete(topic);
    topic.end(refused(code, `${t}: ${msg}`));
    this.#live(topic);
  }

  #closed(end: LineEnd): void {
    if (this.#isOver) return;
    this.close();
    const { code, detail } = end.error ?? {};
    if (code === "unauthenticated" || detail?.closeCode === 4511) this.#state.tokens?.forget();
    this.#events.closed(end);
  }
}
