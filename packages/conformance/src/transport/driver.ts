import { type Message, type Realtime, realtime, type Status, type StatusWord, type Transport } from "@tidewire/core";
import { createManualClock, type ManualClock } from "./manual-clock.ts";

/** What a row may say about the stream; the rest of this file is the only place that knows how the client says it. */
export type Behaviour = NonNullable<Parameters<typeof realtime<unknown, unknown>>[1]> & {
  /** False: the test itself moves the clock past each wait. Default: a wait is over as soon as it began. */
  readonly skipsWaits?: boolean;
};

/** One reader of one stream, and all that it was told. */
export interface Handle extends Disposable {
  readonly stream: Realtime<unknown, unknown>;
  readonly clock: ManualClock;
  /** Every status since the first dial. */
  readonly statuses: readonly Status[];
  readonly messages: readonly Message<unknown>[];
  /** How long each wait was meant to be, in milliseconds. */
  readonly waits: readonly number[];
  readonly words: readonly StatusWord[];
  /** How the Observable itself ended. */
  readonly end: "open" | "completed" | "errored";
  /** Resolves when so many statuses were told. Rejects, saying what came, after four seconds. */
  reach(count: number): Promise<void>;
  /** Resolves when the newest status has this word. */
  until(word: StatusWord): Promise<Status>;
  /** Resolves when so many messages came. */
  receive(count: number): Promise<void>;
}

/** Long enough for a busy machine; a test that works never waits for it. */
const DEADLINE_MS = 4000;

/** Waits for conditions that are looked at whenever something was told. */
function conditions(describe: () => string) {
  const open = new Set<() => void>();
  return {
    look(): void {
      for (const check of open) check();
    },
    until(holds: () => boolean, what: string): Promise<void> {
      if (holds()) return Promise.resolve();
      return new Promise((resolve, reject) => {
        const over = (settle: () => void): void => {
          clearTimeout(deadline);
          open.delete(check);
          settle();
        };
        const check = (): void => void (holds() && over(resolve));
        const deadline = setTimeout(
          () => over(() => reject(new Error(`Waited for ${what} in vain: ${describe()}`))),
          DEADLINE_MS,
        );
        open.add(check);
      });
    },
  };
}

/** Subscribes to a stream over this transport with a clock that stands still. */
export function open(transport: Transport, behaviour: Behaviour = {}): Handle {
  const { skipsWaits = true, ...options } = behaviour;
  const clock = createManualClock();
  const statuses: Status[] = [];
  const messages: Message<unknown>[] = [];
  const waits: number[] = [];
  let end: Handle["end"] = "open";
  const words = (): StatusWord[] => statuses.map((status) => status.status);
  const told = conditions(() => `${words().join(", ")}; ${messages.length} messages; ${end}`);

  const stream = realtime<unknown, unknown>(transport, {
    clock,
    random: () => (skipsWaits ? 0 : 0.5),
    lingerMs: 0,
    ...options,
  });
  const statusReader = stream.status$.subscribe((status) => {
    if (status.status === "idle" && statuses.length === 0) return;
    statuses.push(status);
    if (status.status === "waiting") {
      const waitMs = status.retryAt - clock.now();
      waits.push(waitMs);
      // Not from within the client's own call: it has not set its timer yet, or is still in its table.
      if (skipsWaits) setImmediate(() => stream.status === status && clock.advance(waitMs));
    }
    told.look();
  });
  const settle = (how: Handle["end"]) => () => {
    end = how;
    told.look();
  };
  const messageReader = stream.messages$.subscribe({
    next(message) {
      messages.push(message);
      told.look();
    },
    error: settle("errored"),
    complete: settle("completed"),
  });

  return {
    stream,
    clock,
    statuses,
    messages,
    waits,
    get words() {
      return words();
    },
    get end() {
      return end;
    },
    reach: (count) => told.until(() => statuses.length >= count, `${count} statuses`),
    async until(word) {
      await told.until(() => statuses.at(-1)?.status === word, word);
      return stream.status;
    },
    receive: (count) => told.until(() => messages.length >= count, `${count} messages`),
    [Symbol.dispose]() {
      messageReader.unsubscribe();
      statusReader.unsubscribe();
      clock.advance(0); // a linger of nothing is still a timer
    },
  };
}
