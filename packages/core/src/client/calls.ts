import type { TidewireError } from "@tidewire/wire";
import type { Clock } from "../connection/clock.ts";
import { unconfirmed } from "./uplink.ts";

interface Open {
  resolve(data: unknown): void;
  reject(error: TidewireError): void;
  cancelTimer(): void;
}

/** Questions to the hub that wait for their answers. */
export class Calls {
  readonly #open = new Map<number, Open>();
  readonly #clock: Clock;
  readonly #timeoutMs: number;

  constructor(clock: Clock, timeoutMs: number) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  get isEmpty(): boolean {
    return this.#open.size === 0;
  }

  open(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const cancelTimer = this.#clock.after(this.#timeoutMs, () => this.refuse(id, unconfirmed(this.#timeoutMs)));
      this.#open.set(id, { resolve, reject, cancelTimer });
    });
  }

  answer(id: number, data: unknown): void {
    this.#take(id)?.resolve(data);
  }

  /** False when no call of this id is open. */
  refuse(id: number, error: TidewireError): boolean {
    const open = this.#take(id);
    open?.reject(error);
    return open !== undefined;
  }

  end(error: TidewireError): void {
    for (const id of [...this.#open.keys()]) this.refuse(id, error);
  }

  #take(id: number): Open | undefined {
    const open = this.#open.get(id);
    this.#open.delete(id);
    open?.cancelTimer();
    return open;
  }
}
