import { type Deferred, deferred } from "./deferred.ts";

/** A gate that lets everything pass until it is shut. */
export interface Gate {
  readonly isShut: boolean;
  shut(): void;
  open(): void;
  /** Resolves as soon as the gate is open. */
  passed(): Promise<void>;
}

/** Makes an open {@link Gate}. */
export function createGate(): Gate {
  let waiting: Deferred<void> | undefined;
  return {
    get isShut() {
      return waiting !== undefined;
    },
    shut() {
      waiting ??= deferred<void>();
    },
    open() {
      waiting?.resolve();
      waiting = undefined;
    },
    async passed() {
      while (waiting !== undefined) await waiting.promise; // it may have been shut again meanwhile
    },
  };
}
