import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Line, LineEvents } from "../line.ts";
import { DEAD_AFTER_BEATS } from "../lines.ts";
import { type FrameEvents, type FrameLimits, FrameReader } from "./node-frame-reader.ts";
import { CLOSE_TIMEOUT_MS, HIGH_WATER } from "./node-limits.ts";
import { Outflow } from "./node-outflow.ts";
import type { DeflatedFrames } from "./node-permessage-deflate.ts";
import { CLOSE, closePayload, frameControl, PING, PONG } from "./websocket-frame.ts";

const EMPTY_PING = frameControl(PING, Buffer.alloc(0));

/** The line of a socket: listeners that all sockets share find it here. */
const LINE: unique symbol = Symbol("line");

/** An upgraded connection. What is no socket of the system may have less. */
export type Upgraded = Duplex & Partial<Pick<Socket, "setTimeout" | "setNoDelay">> & { [LINE]?: WebsocketLine };

/**
 * A WebSocket as a line, from the end of its handshake to that of its socket. Ready-made frames go straight to the socket.
 * There are many that say nothing for hours: what only reading or closing takes is made for that, and let go of.
 */
export class WebsocketLine extends Outflow<Upgraded> implements Line, FrameEvents {
  readonly #limits: FrameLimits;
  readonly #deflated: DeflatedFrames | undefined;
  /** False once a close was said. */
  #isOpen = true;
  /** True once nothing more is read. */
  #isOver = false;
  #silentBeats = 0;
  #inHand = 0;
  /** While a message is under way. */
  #reader: FrameReader | undefined;
  #cutting: ReturnType<typeof setTimeout> | undefined;

  /** `head` is what came behind the request. */
  constructor(socket: Upgraded, head: Buffer, limits: FrameLimits, deflated: DeflatedFrames | undefined) {
    super(socket);
    this.#limits = limits;
    this.#deflated = deflated;
    socket[LINE] = this;
    socket.setTimeout?.(0);
    socket.setNoDelay?.();
    socket.allowHalfOpen = false; // Whoever hangs up without a close is hung up on.
    if (head.length > 0) socket.unshift(head);
    socket.on("data", onData).on("close", onClose);
  }

  attach(events: LineEvents): void {
    this.events = events;
  }

  override write(bytes: Uint8Array): boolean {
    if (!this.#isOpen || this.target.writableEnded) return false;
    return super.write(this.#deflated === undefined ? bytes : this.#deflated.pack(bytes));
  }

  beat(): void {
    if (this.#inHand === 0) this.#silentBeats += 1;
    if (this.#silentBeats > DEAD_AFTER_BEATS) this.#cut();
    else if (this.#silentBeats > 1 && this.#isOpen) this.#send(EMPTY_PING);
  }

  close(code: number, reason: string): void {
    this.#sayClose(closePayload(code, reason));
  }

  /** Reads what came up. */
  read(chunk: Buffer): void {
    if (this.#isOver) return;
    this.#reader ??= new FrameReader(this, this.#limits);
    this.#reader.read(chunk);
    if (this.#isOver || this.#reader.isIdle) this.#reader = undefined;
  }

  message(payload: Buffer, isText: boolean): void {
    if (isText) this.#received(payload.toString());
    else this.close(4400, "text messages only");
  }

  ping(payload: Buffer): void {
    this.#silentBeats = 0;
    // A flood of pings from a peer that reads no pongs must not pile up here.
    if (this.#isOpen && this.target.writableLength <= HIGH_WATER) this.#send(frameControl(PONG, payload));
  }

  pong(): void {
    this.#silentBeats = 0;
  }

  over(payload: Buffer): void {
    this.#isOver = true;
    this.#sayClose(payload);
    this.target.end();
    this.target.resume(); // So that the other side's end is seen.
  }

  /** The socket is gone. */
  gone(): void {
    this.#isOpen = false;
    // What came before a reset, while messages were handled.
    const rest: Buffer | null = this.target.readableLength > 0 ? this.target.read() : null;
    if (rest !== null) this.read(rest);
    this.#isOver = true;
    clearTimeout(this.#cutting);
    this.events?.closed();
  }

  #received(text: string): void {
    this.#silentBeats = 0;
    if (this.events === undefined) return;
    this.#inHand += 1;
    this.target.pause(); // Reads no further while messages are handled.
    void this.events.received(text).then(() => {
      this.#inHand -= 1;
      this.#silentBeats = 0;
      if (this.#inHand === 0) this.target.resume();
    });
  }

  #send(frame: Buffer): void {
    if (!this.target.writableEnded) this.target.write(frame);
  }

  /** A peer that does not answer a close in time is cut off. */
  #sayClose(payload: Buffer): void {
    if (!this.#isOpen) return;
    this.#send(frameControl(CLOSE, payload));
    this.#isOpen = false;
    this.#cutting = setTimeout(() => this.#cut(), CLOSE_TIMEOUT_MS);
  }

  #cut(): void {
    this.#isOpen = false;
    this.target.destroy();
  }
}

function onData(this: Upgraded, chunk: Buffer): void {
  this[LINE]?.read(chunk);
}

function onClose(this: Upgraded): void {
  this[LINE]?.gone();
}
