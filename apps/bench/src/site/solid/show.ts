import { type Accessor, createEffect, createRenderEffect } from "solid-js";
import { render } from "solid-js/web";
import type { Feed } from "../feed.ts";
import type { State } from "../fold.ts";
import { probe } from "../probe.ts";

const FIELDS = ["n", "count", "volume", "price"] as const;

/** Mounts a page that shows what `use` gives, as Solid's compiler would write it, told once per commit. */
export const mounting =
  (use: (feed: Feed) => Accessor<State>) =>
  (target: HTMLElement, feed: Feed): void => {
    render(() => {
      const state = use(feed);
      const page = document.createElement("p");
      for (const field of FIELDS) {
        const output = page.appendChild(document.createElement("output"));
        output.id = field;
        createRenderEffect(() => {
          output.textContent = String(state()[field]);
        });
      }
      createEffect(() => {
        state();
        probe.committed();
      });
      return page;
    }, target);
  };
