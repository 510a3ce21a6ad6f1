import { afterClose, type DownFrame, type MessageFrame, TidewireError, type UpFrame } from "@tidewire/wire";
import type { Clock } from "../connection/clock.ts";
import type { Dial, Line, LineEnd, LineEvents } from "../transport/transport.ts";
import type { Carrier, CarrierLine } from "./carrier.ts";
import type { Session } from "./session.ts";
import type { TopicState } from "./topic-state.ts";

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
  readonly #session: Session;
  readonly #events: LineEvents;
  readonly #carrier: Carrier;
  readonly #line: CarrierLine;
  readonly #aliases = new Map<number, Alias>();
  /** Replays that are not done. */
  readonly #replaying: Set<TopicState>;
  /** What was asked of the hub on this line, by the number of the question. */
  readonly #questions = new Map<number, TopicState>();

  constructor(session: Session, carrier: Carrier, dial: Dial, events: LineEvents, clock: Clock) {
    this.#session = session;
    this.#carrier = carrier;
    this.#events = events;
    const hello = session.hello(dial.token);
    this.gen = hello.gen;
    this.asked = new Set(session.topics.wanted);
    this.#replaying = new Set(this.asked);
    this.#line = carrier.open(
      hello,
      dial,
      {
        frames: (frames) => this.#frames(frames),
        alive: () => events.alive(),
        ready: () => session.pump(this),
        rewind: () => session.uplink.rewind(),
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

  /** Lines are written to by the session alone. */
  send(): void {
    throw new TidewireError("send-unsupported", "Send through a topic of the client.");
  }

  close(): void {
    this.#isOver = true;
    this.#line.close();
  }

  /** Numbered frames, as many as the line takes now. */
  pump(): void {
    const { uplink } = this.#session;
    while (this.isWelcome && this.#line.isReady) {
      const frames = uplink.take();
      if (frames.length === 0) return;
      this.#line.sendNumbered(frames, this.#place(uplink.first));
    }
  }

  /** From now on the uplink is this line's. Its node does not know what went up elsewhere since its hello. */
  takeOver(): void {
    this.say({ k: "switch", gen: this.gen, n: this.#session.uplink.first });
  }

  say(frame: UpFrame): void {
    this.#line.send(frame, this.#place(this.#session.uplink.first));
  }

  /** Reads one more topic on this line; false where that takes another line. */
  subscribe(topic: TopicState): boolean {
    if (!this.#carrier.canSubscribe) return false;
    this.asked.add(topic);
    this.#replaying.add(topic);
    const id = this.#session.nextId();
    this.#questions.set(id, topic);
    this.say({ k: "sub", id, ...topic.place() });
    return true;
  }

  unsubscribe(topic: TopicState): boolean {
    if (!this.#carrier.canSubscribe) return false;
    this.asked.delete(topic);
    this.#replaying.delete(topic);
    this.say({ k: "unsub", id: this.#session.nextId(), t: topic.name });
    return true;
  }

  #place(n: number) {
    return { sid: this.#session.sid ?? "", gen: this.gen, n };
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
    if (alias === undefined || !this.#session.isCurrent(this)) return;
    const { topic, e } = alias;
    const verdict = topic.gate.message(e, p, o);
    if (verdict === "deliver") topic.deliver(d);
    else if (verdict === "resync" && this.#session.isSide(this)) this.hasMissed = true;
    else if (verdict === "resync") this.resync();
  }

  /** Something is missing that was not announced: another line, from the vector. */
  resync(): void {
    this.#closed({ afterMs: 0 });
  }

  #frame(frame: DownFrame): void {
    const session = this.#session;
    switch (frame.k) {
      case "welcome":
        this.isWelcome = true;
        session.uplink.maxChars = frame.max;
        session.welcomed(this, frame);
        this.#events.opened(!this.isCaughtUp);
        return session.lineChanged(this);
      case "sub":
        return this.#sub(frame);
      case "gap":
        return this.#gap(frame);
      case "live":
        return this.#live(session.topics.find(frame.t));
      case "end":
        return this.#end(frame);
      case "ack":
        return session.uplink.ack(frame.n);
      case "ok":
        return session.answered(frame.id, frame.d);
      case "err":
        return this.#refused(frame);
      case "ping":
        return this.say({ k: "pong", ts: frame.ts });
      case "exp":
        return session.renew(this);
      case "move":
        return session.moveSoon(frame.after);
      case "bye":
        return this.#closed(endOfCode(frame.code, frame.msg, frame.after));
    }
  }

  #refused(frame: Extract<DownFrame, { k: "err" }>): void {
    const topic = frame.id === undefined ? undefined : this.#questions.get(frame.id);
    if (frame.id === undefined || topic === undefined) return this.#session.refused(frame);
    this.#questions.delete(frame.id);
    this.#end({ t: topic.name, code: frame.code, msg: frame.msg });
  }

  #sub({ id, t, a, e, o }: Extract<DownFrame, { k: "sub" }>): void {
    if (id !== undefined) this.#questions.delete(id);
    const topic = this.#session.topics.find(t);
    if (topic === undefined) return;
    this.#aliases.set(a, { topic, e });
    topic.gate.begin({ e, o });
  }

  #gap(frame: Extract<DownFrame, { k: "gap" }>): void {
    const topic = this.#session.topics.find(frame.t);
    if (topic === undefined) return;
    for (const alias of this.#aliases.values()) if (alias.topic === topic) alias.e = frame.e;
    // The older line may still have what this one has not: then its messages, and not a gap, come next.
    const isOfNoOtherLog = topic.gate.cursor?.e === frame.e || frame.why === "rollback";
    const mayStillCome = this.#session.isSide(this) && isOfNoOtherLog;
    if (mayStillCome) topic.heldGap = frame;
    else topic.gap(frame);
  }

  #live(topic: TopicState | undefined): void {
    if (topic === undefined || !this.#replaying.delete(topic)) return;
    if (this.isCaughtUp) this.#events.caughtUp();
    this.#session.lineChanged(this);
  }

  #end({ t, code, msg }: Omit<Extract<DownFrame, { k: "end" }>, "k">): void {
    const topic = this.#session.topics.find(t);
    if (topic === undefined) return;
    this.asked.delete(topic);
    topic.end(refused(code, `${t}: ${msg}`));
    this.#live(topic);
  }

  #closed(end: LineEnd): void {
    if (this.#isOver) return;
    this.close();
    const { code, detail } = end.error ?? {};
    if (code === "unauthenticated" || detail?.closeCode === 4511) this.#session.forgetToken();
    this.#events.closed(end);
  }
}

/** The end that a number of the protocol means. */
export function endOfCode(code: number, msg: string, after: number | undefined): LineEnd {
  const error = refused(code, msg);
  return { error, afterMs: after ?? (afterClose(code) === "at-once" ? 0 : undefined) };
}

/** What the hub would not do. */
export function refused(code: number, message: string): TidewireError {
  const isFinal = afterClose(code) === "final";
  return new TidewireError(code === 4401 ? "unauthenticated" : "refused", `The hub: ${message} (${code}).`, {
    isFinal,
    detail: { closeCode: code },
  });
}
