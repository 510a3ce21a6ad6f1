import { type Cursor, formatCursor, optionInvalid } from "@tidewire/wire";
import type { Awaitable, Engine } from "../engine.ts";
import type { Topics } from "./topics.ts";

/** A first value, and where to read on from. */
export interface StateAt<State> {
  readonly state: State;
  /** For `createClient({ cursor })`, or as `Last-Event-ID`: every message after it is not in `state`, but for what `isExact` says. */
  readonly cursor: string;
  /** False when messages kept coming while the state was loaded: it may hold some of those that follow the cursor. None is missing. */
  readonly isExact: boolean;
}

/** How often a state is loaded again because the topic went on meanwhile. */
const MOST_LOADS = 5;

/** Loads a state between two looks at the topic: when nothing came in between, state and cursor belong together. */
export async function stateBetween<State>(
  engine: Engine,
  topic: string,
  load: () => Awaitable<State>,
): Promise<StateAt<State>> {
  let before = await topOf(engine, topic);
  for (let loads = 1; ; loads += 1) {
    const state = await load();
    const after = await topOf(engine, topic);
    const isExact = before.e === after.e && before.o === after.o;
    // The cursor from before: a message that comes twice can be told by its reader, one that is missing cannot.
    if (isExact || loads === MOST_LOADS) return { state, cursor: formatCursor(topic, before), isExact };
    before = after;
  }
}

/** What the topic itself keeps. Throws `option-invalid` where it keeps nothing. */
export async function keptState(topics: Topics, name: string): Promise<StateAt<unknown>> {
  const { fold } = await topics.reach(name, undefined);
  if (!fold) {
    throw optionInvalid(
      `${name} keeps no state: give \`state\` to hub.topic, or hand getState a function that loads it.`,
    );
  }
  return { state: fold.value, cursor: formatCursor(name, fold.cursor), isExact: true };
}

async function topOf(engine: Engine, topic: string): Promise<Cursor> {
  return (await engine.tops([topic])).get(topic) ?? { e: 0, o: 0 };
}
