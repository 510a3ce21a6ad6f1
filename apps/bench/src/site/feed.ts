import { fold, foldBatch, initial, type State } from "./fold.ts";

/** Where a page reads from, as its address says. */
export interface Feed {
  readonly url: string;
  readonly transport: "sse" | "websocket";
  readonly isBatched: boolean;
}

/** What each contender's module exports. */
export interface Contender {
  mount(target: HTMLElement, feed: Feed): void;
}

export function feedOf(query: URLSearchParams): Feed {
  const transport = query.get("transport") === "sse" ? "sse" : "websocket";
  const url = new URL(query.get("path") ?? "/", location.href);
  if (transport === "websocket") url.protocol = "ws:";
  return { url: url.href, transport, isBatched: query.get("wire") === "batches" };
}

/** How our hooks fold what comes in this feed. */
export const folding = ({ isBatched }: Feed) => ({
  initial,
  reduce: (isBatched ? foldBatch : fold) as (state: State, message: unknown) => State,
});
