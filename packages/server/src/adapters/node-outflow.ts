import type { Writable } from "node:stream";
import type { LineEvents } from "../line.ts";
import { HIGH_WATER } from "./node-limits.ts";

/**
 * Writes to a socket and says when it took enough. A callback costs Node a tick per write, so only writes that could fill the
 * socket carry one: those behind bytes that did not leave at once.
 */
export class Outflow<Target extends Writable = Writable> {
  events: LineEvents | undefined;
  /** What is written to. */
  readonly target: Target;
  #isFull = false;
  #flushed: (() => void) | undefined;

  constructor(target: Target) {
    this.target = target;
  }

  /** False: no more until `ready`. */
  write(bytes: Uint8Array): boolean {
    const target = this.target;
    if (target.writableLength === 0 && bytes.length <= HIGH_WATER) {
      target.write(bytes);
      return true;
    }
    this.#flushed ??= () => this.#onFlushed();
    target.write(bytes, this.#flushed);
    this.#isFull = target.writableLength > HIGH_WATER;
    return !this.#isFull;
  }

  #onFlushed(): void {
    if (!this.#isFull || this.target.writableLength > HIGH_WATER) return;
    this.#isFull = false;
    this.events?.ready();
  }
}
