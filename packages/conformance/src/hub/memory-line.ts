import type { Carrier, CarrierEvents } from "@tidewire/core";
import { Doorway, type Hub, type Line, tidewireForm } from "@tidewire/server";
import { afterClose, CloseCode, decodeDown, encodeBatch } from "@tidewire/wire";

const utf8 = { encode: new TextEncoder(), decode: new TextDecoder() };
const FORM = tidewireForm("memory", {
  seal: (texts) => utf8.encode.encode(texts.join("\n")),
  join: (sealed) => utf8.encode.encode(sealed.map((bytes) => utf8.decode.decode(bytes)).join("\n")),
});

/** Batches that a line takes before it says that it is full. */
const ROOM = 3;

/** A line between a client and a hub in one process: each batch arrives when it is told to, or never. */
export class MemoryLine implements Line {
  readonly down: (string | { readonly code: number })[] = [];
  readonly up: string[] = [];
  isOpen = true;
  /** Frames that never arrive, as a mutation of the hub. */
  hides: (frame: string) => boolean = () => false;
  readonly #doorway: Doorway;
  readonly #events: CarrierEvents;
  #isFull = false;

  constructor(hub: Hub, events: CarrierEvents) {
    this.#events = events;
    const facts = { url: new URL("memory://hub/"), header: () => undefined };
    this.#doorway = new Doorway(hub.core, { line: this, form: FORM, transport: "memory" }, facts);
  }

  write(bytes: Uint8Array): boolean {
    this.down.push(utf8.decode.decode(bytes));
    this.#isFull = this.down.length >= ROOM;
    return !this.#isFull;
  }

  beat(): void {}

  close(code: number): void {
    if (this.isOpen) this.down.push({ code });
  }

  /** The next thing on its way down arrives. */
  arriveDown(): void {
    const next = this.down.shift();
    if (next === undefined || !this.isOpen) return;
    if (typeof next !== "string") return this.#closed(next.code);
    const batch = next.split("\n").filter((frame) => !this.hides(frame));
    const frames = decodeDown(batch.join("\n"));
    if (frames) this.#events.frames(frames);
    if (!this.#isFull || this.down.length >= ROOM) return;
    this.#isFull = false;
    this.#doorway.ready();
  }

  /** The next thing on its way up arrives. */
  async arriveUp(): Promise<void> {
    const next = this.up.shift();
    if (next !== undefined && this.isOpen) await this.#doorway.received(next);
  }

  /** The line breaks; what was on it is lost. The hub may take its time to notice. */
  cut(): void {
    if (!this.isOpen) return;
    this.#drop();
    this.#events.closed({ afterMs: 0 });
  }

  /** The client hung up. */
  hangUp(): void {
    if (this.isOpen) this.#drop();
  }

  #drop(): void {
    this.isOpen = false;
    this.down.length = 0;
    this.up.length = 0;
    this.#doorway.closed();
  }

  #closed(code: number): void {
    this.#drop();
    const isFinal = afterClose(code) === "final" && code !== CloseCode.superseded;
    if (isFinal) throw new Error(`The hub closed with ${code}: a client that keeps the rules is never told that.`);
    this.#events.closed({ afterMs: 0 });
  }
}

/** Carries the protocol over memory lines; `pick` chooses the hub of each dial. */
export function overMemory(pick: () => Hub, onOpen: (line: MemoryLine) => void): Carrier {
  return {
    name: "memory",
    canSubscribe: true,
    open(hello, _dial, events) {
      const line = new MemoryLine(pick(), events);
      line.up.push(encodeBatch([hello]));
      onOpen(line);
      return {
        isReady: true,
        sendNumbered: (frames) => void line.up.push(encodeBatch(frames)),
        send: (frame) => void line.up.push(encodeBatch([frame])),
        close: () => line.hangUp(),
      };
    },
  };
}
