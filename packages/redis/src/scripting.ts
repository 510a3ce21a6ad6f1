import { TidewireError } from "@tidewire/wire";
import type { Commands } from "./clients/connections.ts";
import { away, failure, wordOf } from "./failure.ts";
import type { KeptOpen } from "./kept-open.ts";
import type { Script } from "./scripts.ts";

/** What waits for an answer: more is refused, so that a server that hangs costs bounded memory. */
const MAX_WAITING = 50_000;
const MAX_WAITING_CHARS = 64 * 1024 * 1024;
/** A connection that owes answers and gives none for so long is hung up. */
const STALLED_MS = 5000;
/** A cluster that fails for so long is dialled anew. */
const CLUSTER_PATIENCE_MS = 3000;
/** While a slot moves, its keys may be on both sides: nothing was done, and soon it can be. */
const TRY_AGAIN_MS = 50;
const TRY_AGAIN = 60;

/** Runs scripts on the present connection, and finds out when that is of no use any more. */
export class Scripting {
  readonly #line: KeptOpen<Commands>;
  readonly #timer: ReturnType<typeof setInterval>;
  #waiting = 0;
  #waitingChars = 0;
  #answeredAt = 0;

  constructor(line: KeptOpen<Commands>) {
    this.#line = line;
    this.#timer = setInterval(() => {
      if (this.#waiting > 0 && performance.now() - this.#answeredAt > STALLED_MS) line.replace();
    }, 1000);
    (this.#timer as { unref?(): void }).unref?.();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  run(script: Script, keys: readonly string[], args: readonly string[], chars = 0): Promise<unknown> {
    const rest = [String(keys.length), ...keys, ...args];
    return this.#counted(chars, async (line) => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await line.send(keys[0], ["EVALSHA", script.sha, ...rest]);
        } catch (error) {
          const word = wordOf(error);
          if (word === "NOSCRIPT") return line.send(keys[0], ["EVAL", script.text, ...rest]);
          if (word !== "TRYAGAIN" || attempt === TRY_AGAIN) throw error;
          await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
        }
      }
    });
  }

  send(args: readonly string[]): Promise<unknown> {
    return this.#counted(0, (line) => line.send(undefined, args));
  }

  sendToAll(args: readonly string[]): Promise<readonly unknown[]> {
    return this.#counted(0, (line) => line.sendToAll(args));
  }

  async #counted<Answer>(chars: number, work: (line: Commands) => Promise<Answer>): Promise<Answer> {
    if (this.#waiting >= MAX_WAITING || this.#waitingChars + chars > MAX_WAITING_CHARS) {
      throw new TidewireError("overflow", `Redis owes answers to ${this.#waiting} commands: this one was not sent.`);
    }
    if (this.#waiting === 0) this.#answeredAt = performance.now();
    this.#waiting += 1;
    this.#waitingChars += chars;
    let line: Commands | undefined;
    try {
      line = this.#line.now;
      if (!line) {
        await this.#line.first;
        line = this.#line.now;
      }
      if (!line) throw this.#line.why ?? away();
      return await work(line);
    } catch (error) {
      if (line) this.#judge(line, error);
      throw failure(error);
    } finally {
      this.#waiting -= 1;
      this.#waitingChars -= chars;
      this.#answeredAt = performance.now();
    }
  }

  /** A server that became a replica, and a cluster whose nodes stay away, are looked for anew. */
  #judge(line: Commands, error: unknown): void {
    if (this.#line.now !== line) return;
    const word = wordOf(error);
    const isPatient = performance.now() - this.#line.since < CLUSTER_PATIENCE_MS;
    if ((word === undefined || word === "READONLY" || word === "UNBLOCKED") && !isPatient) this.#line.replace();
  }
}
