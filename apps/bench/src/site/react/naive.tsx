import { useEffect, useState } from "react";
import { naively } from "../by-hand.ts";
import type { Feed } from "../feed.ts";
import { foldAny, initial } from "../fold.ts";
import { mounting, Show } from "./show.tsx";

export const mount = mounting(function Page({ feed }: { readonly feed: Feed }) {
  const [state, setState] = useState(initial);
  useEffect(() => naively(feed, (text) => setState((before) => foldAny(before, JSON.parse(text)))), [feed]);
  return <Show state={state} />;
});
