import { createHub, type Hub, type HubTopic, memory } from "@tidewire/server";
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

interface Guestbook {
  readonly hub: Hub;
  readonly topic: HubTopic<Line>;
  read(): Promise<Written>;
}

function open(): Guestbook {
  const engine = memory();
  const hub = createHub({ engine });
  return {
    hub,
    topic: hub.topic<Line>("guestbook", { retainMessages: 100 }),
    async read() {
      const { e, top, entries } = await engine.read("guestbook", undefined, 100); // one read: lines and cursor belong together
      const o = entries.at(-1)?.o ?? top;
      return {
        lines: entries.map(({ payload }) => JSON.parse(payload) as Line),
        cursor: formatVector(new Map([["guestbook", { e, o }]])),
      };
    },
  };
}

/** Next bundles its pages apart from server.ts: what both use is kept where both find it. */
const shared = globalThis as { guestbook?: Guestbook };
shared.guestbook ??= open();
export const guestbook: Guestbook = shared.guestbook;
