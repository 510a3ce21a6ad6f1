import { useSyncExternalStore } from "react";
import { byHand } from "../by-hand.ts";
import type { Feed } from "../feed.ts";
import { initial } from "../fold.ts";
import { mounting, Show } from "./show.tsx";

function storeOf(feed: Feed) {
  let state = initial;
  return {
    get: () => state,
    subscribe: (tell: () => void) =>
      byHand(feed, (next) => {
        state = next;
        tell();
      }),
  };
}

let store: ReturnType<typeof storeOf> | undefined;

export const mount = mounting(function Page({ feed }: { readonly feed: Feed }) {
  store ??= storeOf(feed);
  return <Show state={useSyncExternalStore(store.subscribe, store.get)} />;
});
