import { CloseCode, type DownFrame, decodeUp, type NumberedFrame, type Sub, type UpFrame } from "@tidewire/wire";
import type { Principal } from "../access.ts";
import type { HubCore } from "../hub.ts";
import type { Form, Line, LineEvents } from "../line.ts";
import { Reader } from "../log/reader.ts";
import type { Topic } from "../log/topic.ts";
import type { Accepted } from "./accept.ts";
import { createPulse, type Pulse } from "./pulse.ts";
import type { SessionLine } from "./sessions.ts";
import { doNumbered } from "./uplink.ts";

/** What one kind of line is opened with. */
export interface TidewireOpening {
  readonly line: Line;
  readonly form: Form;
  /** The kind of line: "websocket", "sse", "poll". */
  readonly transport: string;
}

/** One line of a session: reads its topics, and does what comes up. */
export class TidewireLine implements LineEvents, SessionLine {
  readonly reader: Reader;
  readonly #core: HubCore;
  readonly #line: Line;
  readonly #accepted: Accepted;
  readonly #transport: string;
  readonly #pulse: Pulse;
  #principal: Principal | undefined;
  #isOpen = true;

  constructor(core: HubCore, { line, form, transport }: TidewireOpening, accepted: Accepted) {
    this.#core = core;
    this.#line = line;
    this.#accepted = accepted;
    this.#transport = transport;
    this.#principal = accepted.principal;
    this.reader = new Reader(core, line, form);
    this.#pulse = createPulse(core.settings, accepted.hello.ping, this.reader, {
      say: (frame) => this.#say(frame),
      bye: (code, msg) => this.bye(code, msg),
      close: (code, msg) => line.close(code, msg),
      principal: () => this.#principal,
    });
  }

  /** Says welcome, and reads the topics of the hello. */
  async begin(): Promise<void> {
    const { hello, session } = this.#accepted;
    const { settings } = this.#core;
    this.#core.lines.add(this.#pulse);
    session.lines.set(hello.gen, this);
    const { ping } = this.#pulse;
    const { maxInboundChars: max, node } = settings;
    this.#say({ k: "welcome", v: 1, sid: session.sid, gen: hello.gen, node, ping, ack: session.lastN, max });
    await Promise.all(hello.subs.map((sub) => this.#subscribe(sub)));
    this.reader.pump();
  }

  ready(): void {
    this.#pulse.seen();
    this.reader.ready();
  }

  async received(text: string): Promise<void> {
    this.seen();
    if (text.length > this.#core.settings.maxInboundChars) return this.bye(CloseCode.tooLarge, "batch too large");
    const frames = decodeUp(text);
    if (!frames) return this.bye(CloseCode.badFrame, "not a batch of frames");
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
    this.#accepted.session.seenAt = this.#core.settings.now();
    this.#pulse.seen();
  }

  closed(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    const { session, hello } = this.#accepted;
    session.lines.delete(hello.gen);
    this.#core.lines.delete(this.#pulse);
    this.reader.close();
    for (const topic of this.reader.topics) this.#core.topics.release(topic);
  }

  /** Says why, then closes. */
  bye(code: number, msg: string): void {
    this.reader.sayLast(JSON.stringify({ k: "bye", code, msg } satisfies DownFrame));
    this.#line.close(code, msg);
  }

  async #do(frame: Exclude<UpFrame, NumberedFrame>): Promise<void> {
    const { session, hello } = this.#accepted;
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
        for (const [gen, line] of session.lines) if (gen < hello.gen) line.bye(CloseCode.switched, "switched");
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
    const { session } = this.#accepted;
    const done = await doNumbered(
      this.#core,
      { session, principal: this.#principal, transport: this.#transport },
      frames,
    );
    this.#say(...done.frames, { k: "ack", n: session.lastN });
  }

  /** Reads one more topic; `id` where a frame of its own asked for it. */
  async #subscribe(sub: Sub, id?: number): Promise<void> {
    const refuse = (code: number, msg: string) =>
      this.#say(id === undefined ? { k: "end", t: sub.t, code, msg } : { k: "err", id, code, msg });
    if (!(await this.#core.access.may(this.#principal, sub.t, "subscribe"))) {
      return refuse(CloseCode.forbidden, "you may not read this topic");
    }
    if (this.reader.size >= this.#core.settings.maxTopicsPerLine)
      return refuse(CloseCode.rateLimited, "too many topics");
    const topic = await this.#core.open(sub.t, cursorOf(sub));
    if (!this.#isOpen) return;
    if ("code" in topic) return refuse(topic.code, topic.msg);
    const given = cursorOf(sub);
    const cursor = given ?? topic.startAt(sub.from ?? "now");
    const mode = given ? "resumed" : "fresh";
    const ask = id === undefined ? {} : { id };
    this.#say({ k: "sub", ...ask, t: sub.t, a: topic.number, e: cursor.e, o: cursor.o, mode });
    this.reader.add(topic, cursor);
  }

  #unsubscribe(name: string, id: number): void {
    const topic = this.#core.topics.find(name);
    if (topic) this.#drop(topic);
    this.#say({ k: "ok", id });
  }

  #drop(topic: Topic): void {
    this.reader.remove(topic);
    this.#core.topics.release(topic);
  }

  /** Takes a fresh token, and looks again at what may be read with it. */
  async #refresh(token: string, id: number): Promise<void> {
    const { facts, session } = this.#accepted;
    const identity = await this.#core.access.identify({ ...facts, header: facts.header, token });
    if ("code" in identity) return this.#say({ k: "err", id, code: identity.code, msg: identity.msg });
    if (identity.principal?.id !== session.owner) {
      return this.#say({ k: "err", id, code: CloseCode.forbidden, msg: "this session is somebody else's" });
    }
    this.#principal = identity.principal;
    this.#say({ k: "ok", id });
    for (const topic of [...this.reader.topics]) {
      if (await this.#core.access.may(this.#principal, topic.name, "subscribe")) continue;
      this.#drop(topic);
      this.#say({ k: "end", t: topic.name, code: CloseCode.forbidden, msg: "you may no longer read this topic" });
    }
  }

  #say(...frames: readonly DownFrame[]): void {
    for (const frame of frames) this.reader.say(JSON.stringify(frame));
  }
}

function cursorOf({ e, o }: Sub): { e: number; o: number } | undefined {
  return e === undefined || o === undefined ? undefined : { e, o };
}
