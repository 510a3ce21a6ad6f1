import { createHub, memory } from "@tidewire/server";
import { formatVector } from "@tidewire/wire";

export interface Line {
  readonly id: string;
  readonly text: string;
}

/** What a page shows at first, and where in the log that ends: the client goes on right behind it. */
export interface Written {
  readonly lines: readonly Line[];
  readonly cursor: string | undefined;
}

const engine = memory();
export const hub = createHub({ engine });
export const topic = hub.topic<Line>("guestbook", { retainMessages: 100 });

export async function read(): Promise<Written> {
  const { e, top, entries } = await engine.read("guestbook", undefined, 100); // one read: lines and cursor belong together
  const o = entries.at(-1)?.o ?? top;
  return {
    lines: entries.map(({ payload }) => JSON.parse(payload) as Line),
    cursor: formatVector(new Map([["guestbook", { e, o }]])),
  };
}
