import { optionInvalid } from "@tidewire/wire";
import type { Commit } from "./commit.ts";

/** What every way of folding has in common. */
export interface ViewOptions<In, State, Shown> {
  /** Takes from the state what is shown. Pure. Default: all of it. */
  readonly select?: ((state: State) => Shown) | undefined;
  /** Two shown values that need no new render. Default `Object.is`. */
  readonly equals?: ((before: Shown, after: Shown) => boolean) | undefined;
  /** When the screen is told: "frame", "sync", or at most every so many milliseconds. Every message is folded either way. Default "frame". */
  readonly commit?: Commit | undefined;
  /** Called for each message exactly once, outside rendering. */
  readonly onMessage?: ((data: In) => void) | undefined;
  /** How long the fold goes on after its last reader left (StrictMode, route changes, hidden parts), in milliseconds. Default 1000. */
  readonly lingerMs?: number | undefined;
}

/** The newest message is the state. */
export interface NewestOptions<In, Empty, Shown> extends ViewOptions<In, In | Empty, Shown> {
  /** What is shown before the first message. Default undefined. */
  readonly initial?: Empty | undefined;
  readonly reduce?: undefined;
  readonly conflate?: undefined;
}

/** The state of a fold whose reducer is written in place: `[]` means a list of messages, `null` one or none. */
export type FoldOf<In, Init> = [Init] extends [never[]] ? In[] : [Init] extends [null | undefined] ? In | Init : Init;

/** The state, and the initial value where that is something else. */
export type Folded<State, Init> = State | Exclude<Init, State>;

/**
 * What TypeScript names where the message is named between angle brackets, and a fold has a state of another type: it
 * infers all type arguments of a call or none. No value is of this type on purpose.
 */
export interface NamedFold {
  readonly initial?: unknown;
  readonly reduce: "Leave out the <Message> before the parentheses, and name it in the reducer: reduce: (state, message: Message) => …";
}

/** Every message is folded into a state, once and in order. */
export interface ReduceOptions<In, Init, State, Shown> extends ViewOptions<In, Folded<State, Init>, Shown> {
  /** What is shown, and folded from, before the first message. Default undefined. */
  readonly initial?: Init | undefined;
  /** The state after one more message. Define it outside the component, and readers of one source share one fold. */
  readonly reduce: (state: Folded<State, Init>, data: In) => State;
  readonly conflate?: undefined;
}

/** The newest message per key. */
export interface ConflateOptions<In, Key, Shown> extends ViewOptions<In, ReadonlyMap<Key, In>, Shown> {
  /** What is shown before the first message. Default an empty Map. */
  readonly initial?: ReadonlyMap<Key, In> | undefined;
  /** The key of a message: of those with the same key only the newest is kept, in the place of the first. */
  readonly conflate: (data: In) => Key;
  /** How many keys are kept; above it the one that came first goes. Default 10000. */
  readonly maxKeys?: number | undefined;
  readonly reduce?: undefined;
}

/** Any of the three, as the store itself sees them. */
export interface StoreOptions<In, Shown> extends ViewOptions<In, never, Shown> {
  readonly initial?: unknown;
  readonly reduce?: ((state: never, data: In) => unknown) | undefined;
  readonly conflate?: ((data: In) => unknown) | undefined;
  readonly maxKeys?: number | undefined;
}

/** Throws for what can only be a mistake. */
export function checkOptions<In, Shown>(options: StoreOptions<In, Shown>): void {
  const { reduce, conflate, commit, lingerMs, maxKeys } = options;
  if (reduce !== undefined && conflate !== undefined) {
    throw optionInvalid(
      "`reduce` and `conflate` are two ways to fold the same messages: give one. To derive from conflated rows, use `select`.",
    );
  }
  const notMs = (value: unknown): boolean => typeof value === "number" && !(value >= 0);
  if (notMs(commit)) throw optionInvalid(`\`commit\` is ${commit}: give "frame", "sync" or milliseconds from 0 up.`);
  if (notMs(lingerMs)) throw optionInvalid(`\`lingerMs\` is ${lingerMs}: give milliseconds from 0 up.`);
  if (maxKeys !== undefined && !(maxKeys >= 1)) throw optionInvalid(`\`maxKeys\` is ${maxKeys}: give 1 or more.`);
}
