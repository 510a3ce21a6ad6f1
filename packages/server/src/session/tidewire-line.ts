import { CloseCode, type DownFrame, decodeUp, type NumberedFrame, type Sub, type UpFrame } from "@tidewire/wire";
import type { Principal, Refused, RequestFacts } from "../access.ts";
import type { Awaitable } from "../engine.ts";
import { hasExpired } from "../expiry.ts";
import type { HubCore } from "../hub.ts";
import type { Form, Line, LineEvents } from "../line.ts";
import { Reader } from "../log/reader.ts";
import type { ReaderGuard } from "../log/reader-host.ts";
import type { Topic } from "../log/topic.ts";
import type { Member } from "../roster.ts";
import { followedBy } from "../settled.ts";
import type { Accepted } from "./accept.ts";
import { takeInbound, takeReplay } from "./budget.ts";
import { cursorOf } from "./cursor-of.ts";
import { momentToMove, mostTaken } from "./polls.ts";
import { type Living, Pulse } from "./pulse.ts";
import { goOn, type Session, type SessionLine } from "./sessions.ts";
import { doNumbered } from "./uplink.ts";

const NONE: readonly Sub[] = [];

/** What one kind of line is opened with. */
export interface TidewireOpening {
  readonly line: Line;
  readonly form: Form;
  /** The kind of line: "websocket", "sse", "poll". */
  readonly transport: string;
}

/** One line of a session: reads its topics, and does what comes up. */
export class TidewireLine implements LineEvents, SessionLine, Member, Living, ReaderGuard {
  readonly reader: Reader;
  readonly gen: number;
  readonly transport: string;
  principal: Principal | undefined;
  readonly address: string | undefined;
  readonly #core: HubCore;
  readonly #line: Line;
  readonly #session: Session;
  readonly #pulse: Pulse;
  /** For asking again who this is. */
  readonly #facts: RequestFacts | undefined;
  /** The topics of the hello, until they are read. */
  #subs: readonly Sub[];
  #isOpen = true;
  /** True once the hub closed it: what still comes up is not looked at. */
  #isEnding = false;

  constructor(core: HubCore, { line, form, transport }: TidewireOpening, accepted: Accepted) {
    const { hello, session, principal, facts } = accepted;
    this.#core = core;
    this.#line = line;
    this.#session = session;
    this.#subs = hello.subs;
    this.#facts = core.settings.authenticate ? facts : undefined;
    this.gen = hello.gen;
    this.transport = transport;
    this.principal = principal;
    this.address = facts.address;
    this.reader = new Reader(core, line, form, core.access.isOpen ? undefined : this);
    this.#pulse = new Pulse(core.settings, hello.ping, this);
  }

  /** Says welcome, and reads the topics of the hello: at once where nobody has to be asked. */
  begin(): Awaitable<void> {
    const { gen } = this;
    const { lastN: ack, sid } = this.#session;
    const { maxInboundChars: max, node, now } = this.#core.settings;
    this.#core.roster.enter(this, this.#line);
    this.#session.lines = this.#session.lines.concat(this); // A spread would make room for many.
    const { ping } = this.#pulse;
    const expiresAt = this.principal?.expiresAt;
    const exp = expiresAt === undefined ? {} : { exp: Math.max(0, Math.ceil(expiresAt - now())) };
    this.#say({ k: "welcome", v: 1, sid, gen, node, ping, ack, max, ...exp });
    // It was between two polls when the others were told.
    if (this.#core.life.isDraining) this.move(momentToMove());
    const subs = this.#subs;
    this.#subs = NONE;
    const asked = subs.map((sub) => this.#subscribe(sub));
    if (asked.some((done) => done instanceof Promise)) return Promise.all(asked).then(() => this.reader.pump());
    this.reader.pump();
  }

  ready(): void {
    this.#pulse.seen();
    this.reader.ready();
  }

  beat(): void {
    this.#pulse.beat();
  }

  mayDeliver(): boolean {
    return !hasExpired(this.principal, this.#core.settings.now);
  }

  mayReplay(topic: Topic): Awaitable<boolean> {
    return followedBy(this.#core.access.may(this.principal, topic.name, "subscribe"), (mayRead) => {
      if (!mayRead) this.#lock(topic);
      return mayRead;
    });
  }

  async received(text: string): Promise<void> {
    if (this.#isEnding || !this.mayDeliver()) return;
    this.seen();
    if (text.length > this.#core.settings.maxInboundChars) return this.bye(CloseCode.tooLarge, "batch too large");
    const frames = decodeUp(text);
    if (!frames) return this.bye(CloseCode.badFrame, "not a batch of frames");
    const after = takeInbound(this.#core, this.#session, this, frames.length);
    if (after > 0) return this.bye(CloseCode.rateLimited, "too many messages", after);
    await this.take(frames);
  }

  /** Does frames that came up. */
  async take(frames: readonly UpFrame[]): Promise<void> {
    let numbered: NumberedFrame[] = [];
    for (const frame of frames) {
      if (!this.#isOpen) return;
      if (frame.k === "pub" || frame.k === "call") {
        numbered.push(frame);
        continue;
      }
      await this.#doNumbered(numbered);
      numbered = [];
      await this.#do(frame);
    }
    await this.#doNumbered(numbered);
  }

  /** The client gave a sign of life. */
  seen(): void {
    this.#session.seenAt = this.#core.settings.now();
    this.#pulse.seen();
  }

  closed(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#session.lines = this.#session.lines.filter((line) => line !== this);
    if (this.transport === "poll") this.#session.polledAt = this.#core.settings.now();
    for (const { name } of this.reader.topics) this.#core.roster.left(this, name);
    this.#core.roster.leave(this);
    this.reader.close();
    for (const topic of this.reader.topics) this.#core.topics.release(topic);
  }

  get lag(): number {
    return this.reader.lag;
  }

  /** Asks the client to dial elsewhere, while this line goes on. */
  move(after: number, why: "drain" | "rotate" = "drain"): void {
    this.#say({ k: "move", after, why });
  }

  /** Says why, then closes. */
  bye(code: number, msg: string, after?: number): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    const frame: DownFrame = { k: "bye", code, msg, ...(after === undefined ? {} : { after }) };
    this.reader.sayLast(JSON.stringify(frame));
    this.#line.close(code, msg);
  }

  close(code: number, reason: string): void {
    this.bye(code, reason);
  }

  hangUp(code: number, reason: string): void {
    this.#line.close(code, reason);
  }

  say(frame: DownFrame): void {
    this.#say(frame);
  }

  async #do(frame: Exclude<UpFrame, NumberedFrame>): Promise<void> {
    const session = this.#session;
    switch (frame.k) {
      case "sub":
        await this.#subscribe(frame, frame.id);
        this.reader.pump();
        return;
      case "unsub":
        return this.#unsubscribe(frame.t, frame.id);
      case "auth":
        return this.#refresh(frame.token, frame.id);
      case "switch":
        if (frame.n !== undefined) goOn(session, frame.n);
        session.switchedTo = Math.max(session.switchedTo, this.gen);
        for (const line of session.lines) if (line.gen < this.gen) line.bye(CloseCode.switched, "switched");
        return;
      case "bye":
        this.#core.sessions.delete(session);
        return this.#line.close(1000, "bye");
      case "hello":
        return this.bye(CloseCode.badFrame, "hello came twice");
      case "pong":
        return; // Any frame is a sign of life.
    }
  }

  async #doNumbered(frames: readonly NumberedFrame[]): Promise<void> {
    if (frames.length === 0) return;
    const { principal, transport } = this;
    const session = this.#session;
    const done = await doNumbered(this.#core, { session, principal, transport }, frames);
    this.#say(...done.frames, { k: "ack", n: session.lastN });
  }

  /** Reads one more topic; `id` where a frame of its own asked for it. */
  #subscribe(sub: Sub, id?: number): Awaitable<void> {
    return followedBy(this.#core.access.may(this.principal, sub.t, "subscribe"), (mayRead) => {
      if (!mayRead) return this.#refuse(sub, id, CloseCode.forbidden, "you may not read this topic");
      if (this.reader.size >= this.#core.settings.maxTopicsPerLine)
        return this.#refuse(sub, id, CloseCode.rateLimited, "too many topics");
      return followedBy(this.#core.open(sub.t, cursorOf(sub)), (topic) => this.#read(sub, id, topic));
    });
  }

  #refuse({ t }: Sub, id: number | undefined, code: number, msg: string): void {
    this.#say(id === undefined ? { k: "end", t, code, msg } : { k: "err", id, code, msg });
  }

  #read(sub: Sub, id: number | undefined, topic: Topic | Refused): void {
    if (!this.#isOpen) return;
    // Not the topic's end: the client waits, dials again, and asks again.
    if ("code" in topic && topic.code === CloseCode.engineUnavailable) return this.bye(topic.code, topic.msg);
    if ("code" in topic) return this.#refuse(sub, id, topic.code, topic.msg);
    const given = cursorOf(sub);
    const cursor = given ?? topic.startAt(sub.from ?? "now");
    const mode = given ? "resumed" : "fresh";
    const ask = id === undefined ? {} : { id };
    this.#say({ k: "sub", ...ask, t: sub.t, a: topic.number, e: cursor.e, o: cursor.o, mode });
    if (!this.reader.topics.includes(topic)) this.#core.roster.joined(this, topic.name);
    const most = mostTaken(this.transport);
    this.reader.add(topic, cursor, !takeReplay(this.#core, this.#session, this, topic, cursor, most));
  }

  #unsubscribe(name: string, id: number): void {
    const topic = this.#core.topics.find(name);
    if (topic) this.#drop(topic);
    this.#say({ k: "ok", id });
  }

  #drop(topic: Topic): void {
    if (!this.#isOpen || !this.reader.remove(topic)) return; // what was answered late was let go of with the line
    this.#core.roster.left(this, topic.name);
    this.#core.topics.release(topic);
  }

  /** The topic may be read no more. */
  #lock(topic: Topic): void {
    this.#drop(topic);
    this.#say({ k: "end", t: topic.name, code: CloseCode.forbidden, msg: "you may no longer read this topic" });
  }

  /** Takes a fresh token, and looks again at what may be read with it. */
  async #refresh(token: string, id: number): Promise<void> {
    const facts = this.#facts;
    if (!facts) return this.#say({ k: "ok", id }); // Nobody is asked who they are.
    const identity = await this.#core.access.identify(facts, token);
    if (!this.#isOpen) return;
    if ("code" in identity) return this.#say({ k: "err", id, code: identity.code, msg: identity.msg });
    if (identity.principal?.id !== this.#session.owner) {
      return this.#say({ k: "err", id, code: CloseCode.forbidden, msg: "this session is somebody else's" });
    }
    this.principal = identity.principal;
    this.#pulse.renewed();
    this.#core.roster.renewed(this);
    this.#say({ k: "ok", id });
    for (const topic of [...this.reader.topics]) {
      if (await this.#core.access.may(this.principal, topic.name, "subscribe")) continue;
      this.#lock(topic);
    }
  }

  #say(...frames: readonly DownFrame[]): void {
    for (const frame of frames) this.reader.say(JSON.stringify(frame));
  }
}
