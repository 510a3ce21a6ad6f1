import { CloseCode, decodeUp, type UpFrame } from "@tidewire/wire";
import type { RequestFacts } from "../access.ts";
import type { Awaitable } from "../engine.ts";
import type { HubCore } from "../hub.ts";
import type { LineEvents } from "../line.ts";
import type { Beating } from "../lines.ts";
import { DONE, followedBy } from "../settled.ts";
import { acceptHello } from "./accept.ts";
import { TidewireLine, type TidewireOpening } from "./tidewire-line.ts";

/** A timer this late says that the event loop was blocked: what came meanwhile was not read yet. */
const LATE_MS = 200;
const GRACE_MS = 1000;

/** What is known of a line until it said hello. */
class Waiting implements Beating {
  readonly opening: TidewireOpening;
  readonly facts: RequestFacts;
  timer: ReturnType<typeof setTimeout> | undefined;

  constructor(opening: TidewireOpening, facts: RequestFacts) {
    this.opening = opening;
    this.facts = facts;
  }

  beat(): void {}

  close(code: number, reason: string): void {
    this.opening.line.close(code, reason);
  }
}

/** A line that was upgraded and has yet to say hello. What only waiting takes is let go of after it. */
export class Doorway implements LineEvents {
  readonly #core: HubCore;
  #waiting: Waiting | undefined;
  #inner: TidewireLine | undefined;
  #isOpen = true;
  #isRefused = false;
  /** What is being done, where something is. */
  #tail: Promise<void> | undefined;

  constructor(core: HubCore, opening: TidewireOpening, facts: RequestFacts) {
    this.#core = core;
    this.#waiting = new Waiting(opening, facts);
    core.lines.add(this.#waiting);
    this.#wait(this.#waiting, core.settings.helloTimeoutMs);
  }

  ready(): void {
    this.#inner?.ready();
  }

  /** One after the other: what came right behind the hello waits until it was accepted. */
  received(text: string): Promise<void> {
    const work = this.#tail === undefined ? this.#receive(text) : this.#tail.then(() => this.#receive(text));
    if (!(work instanceof Promise)) return DONE;
    this.#tail = work;
    return work.then(() => {
      if (this.#tail === work) this.#tail = undefined;
    });
  }

  closed(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#leave();
    this.#inner?.closed();
  }

  #receive(text: string): Awaitable<void> {
    if (!this.#isOpen || this.#isRefused) return;
    if (this.#inner) return this.#inner.received(text);
    if (this.#waiting) return this.#greet(this.#waiting, text);
  }

  #greet({ opening, facts }: Waiting, text: string): Awaitable<void> {
    const isTooLarge = text.length > this.#core.settings.maxInboundChars;
    const frames = isTooLarge ? undefined : decodeUp(text);
    const hello = frames?.shift();
    if (hello?.k !== "hello") {
      return this.#refuse(isTooLarge ? CloseCode.tooLarge : CloseCode.badFrame, "the first frame must be hello");
    }
    return followedBy(acceptHello(this.#core, hello, facts), (accepted) => {
      if (!this.#isOpen) return;
      if ("code" in accepted) return this.#refuse(accepted.code, accepted.msg);
      return this.#enter(new TidewireLine(this.#core, opening, accepted), frames ?? []);
    });
  }

  #enter(inner: TidewireLine, rest: readonly UpFrame[]): Awaitable<void> {
    this.#leave();
    this.#inner = inner;
    return followedBy(inner.begin(), () => (rest.length > 0 ? inner.take(rest) : undefined));
  }

  /** What still comes up is not looked at. */
  #refuse(code: number, msg: string): void {
    this.#isRefused = true;
    this.#waiting?.close(code, msg);
  }

  #wait(waiting: Waiting, ms: number): void {
    const due = performance.now() + ms;
    waiting.timer = setTimeout(() => {
      if (performance.now() - due > LATE_MS) this.#wait(waiting, GRACE_MS);
      else waiting.close(CloseCode.noHello, "no hello");
    }, ms);
  }

  /** Waits no longer: the line itself is in the hub's table then, or gone. */
  #leave(): void {
    if (!this.#waiting) return;
    clearTimeout(this.#waiting.timer);
    this.#core.lines.delete(this.#waiting);
    this.#waiting = undefined;
  }
}
