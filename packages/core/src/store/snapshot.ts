import type { Status } from "../connection/status.ts";
import { guarded } from "./report.ts";

/** The immutable value a screen reads: the same object until something changed. `status` narrows what belongs to it. */
export type Snapshot<Shown, Out = never> = Status & {
  readonly data: Shown;
  /** Sends one message up; rejects when the source has no way up. */
  readonly send: (data: Out) => Promise<void>;
  /** Hangs up and dials again at once; a plain source is subscribed to anew. */
  readonly reconnect: () => void;
};

/** What the last commit showed: a new object at each commit that changed something. */
export interface Committed {
  readonly state: unknown;
  readonly status: Status;
  /** True before the first message: the state is only the initial value. */
  readonly isEmpty: boolean;
}

/** How a reader takes what it shows. */
export interface Selection<Shown> {
  readonly select?: ((state: never) => Shown) | undefined;
  readonly equals?: ((before: Shown, after: Shown) => boolean) | undefined;
}

type Actions<Out> = Pick<Snapshot<unknown, Out>, "send" | "reconnect">;

/** Makes snapshots of what was committed, and hands out the last one again where nothing a screen shows has changed. */
export class Camera<Shown, Out> {
  #last: Snapshot<Shown, Out> | undefined;
  readonly #actions: Actions<Out>;

  constructor(actions: Actions<Out>) {
    this.#actions = actions;
  }

  /** One snapshot, apart from the others. */
  shoot({ state, status }: Committed, { select }: Selection<Shown>): Snapshot<Shown, Out> {
    const data = select ? select(state as never) : (state as Shown);
    return Object.freeze({ ...status, data, ...this.#actions });
  }

  /** A function that reads what `look` says, anew only when that is another object. */
  reader(look: () => Committed, selection: Selection<Shown>): () => Snapshot<Shown, Out> {
    let seen: Committed | undefined;
    let shown = this.#last;
    return () => {
      const committed = look();
      if (seen === committed && shown !== undefined) return shown;
      seen = committed;
      shown = shown === undefined ? this.shoot(committed, selection) : this.#next(shown, committed, selection);
      this.#last = shown;
      return shown;
    };
  }

  #next(before: Snapshot<Shown, Out>, committed: Committed, { select, equals = Object.is }: Selection<Shown>) {
    let data = before.data;
    // A `select` that stumbles over one state must not take the screen down: it goes on showing what it showed.
    guarded(() => {
      const next = select ? select(committed.state as never) : (committed.state as Shown);
      if (!equals(before.data, next)) data = next;
    });
    const isUnchanged = Object.is(data, before.data) && isPictureOf(before, committed.status);
    return isUnchanged ? before : Object.freeze({ ...committed.status, data, ...this.#actions });
  }
}

/** True when a snapshot already tells this status, field by field. */
function isPictureOf(snapshot: Status, status: Status): boolean {
  return Object.entries(status).every(([field, value]) => snapshot[field as keyof Status] === value);
}
