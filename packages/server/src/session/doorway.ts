import { CloseCode, decodeUp } from "@tidewire/wire";
import type { RequestFacts } from "../access.ts";
import type { HubCore } from "../hub.ts";
import type { LineEvents } from "../line.ts";
import type { Beating } from "../lines.ts";
import { acceptHello } from "./accept.ts";
import { TidewireLine, type TidewireOpening } from "./tidewire-line.ts";

/** A line that was upgraded and has yet to say hello. */
export class Doorway implements LineEvents {
  readonly #core: HubCore;
  readonly #opening: TidewireOpening;
  readonly #facts: RequestFacts;
  readonly #waiting: Beating;
  readonly #timer: ReturnType<typeof setTimeout>;
  #inner: TidewireLine | undefined;
  #isOpen = true;
  #tail: Promise<void> = Promise.resolve();

  constructor(core: HubCore, opening: TidewireOpening, facts: RequestFacts) {
    const { line } = opening;
    this.#core = core;
    this.#opening = opening;
    this.#facts = facts;
    this.#waiting = { beat() {}, close: (code, reason) => line.close(code, reason) };
    core.lines.add(this.#waiting);
    this.#timer = setTimeout(() => line.close(CloseCode.noHello, "no hello"), core.settings.helloTimeoutMs);
  }

  ready(): void {
    this.#inner?.ready();
  }

  /** One after the other: what came right behind the hello waits until it was accepted. */
  received(text: string): Promise<void> {
    this.#tail = this.#tail.then(() => this.#receive(text));
    return this.#tail;
  }

  async #receive(text: string): Promise<void> {
    if (!this.#isOpen) return;
    if (this.#inner) return this.#inner.received(text);
    const { line } = this.#opening;
    const isTooLarge = text.length > this.#core.settings.maxInboundChars;
    const [hello, ...rest] = (isTooLarge ? undefined : decodeUp(text)) ?? [];
    if (hello?.k !== "hello") {
      return line.close(isTooLarge ? CloseCode.tooLarge : CloseCode.badFrame, "the first frame must be hello");
    }
    const accepted = await acceptHello(this.#core, hello, this.#facts);
    if (!this.#isOpen) return;
    if ("code" in accepted) return line.close(accepted.code, accepted.msg);
    this.#leave();
    this.#inner = new TidewireLine(this.#core, this.#opening, accepted);
    await this.#inner.begin();
    await this.#inner.take(rest);
  }

  closed(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#leave();
    this.#inner?.closed();
  }

  /** Waits no longer: the line itself is in the hub's table then, or gone. */
  #leave(): void {
    clearTimeout(this.#timer);
    this.#core.lines.delete(this.#waiting);
  }
}
