import { type ReactElement, useLayoutEffect } from "react";
import { createRoot } from "react-dom/client";
import type { Feed } from "../feed.ts";
import type { State } from "../fold.ts";
import { probe } from "../probe.ts";

/** What every React page shows, told once per commit. */
export function Show({ state }: { readonly state: State }): ReactElement {
  useLayoutEffect(probe.committed);
  return (
    <p>
      <output id="n">{state.n}</output> <output id="count">{state.count}</output> <output>{state.volume}</output>{" "}
      <output>{state.price}</output>
    </p>
  );
}

/** Mounts a page that takes its feed as a prop. */
export const mounting =
  (Page: (props: { readonly feed: Feed }) => ReactElement) =>
  (target: HTMLElement, feed: Feed): void =>
    createRoot(target).render(<Page feed={feed} />);
