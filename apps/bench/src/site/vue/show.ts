import { createApp, defineComponent, h, onUpdated, type Ref } from "vue";
import type { Feed } from "../feed.ts";
import type { State } from "../fold.ts";
import { probe } from "../probe.ts";

/** Mounts a page that shows what `use` gives, as every Vue page does, told once per commit. */
export const mounting =
  (use: (feed: Feed) => Readonly<Ref<State>>) =>
  (target: HTMLElement, feed: Feed): void => {
    const Page = defineComponent(() => {
      const state = use(feed);
      onUpdated(probe.committed);
      return () => {
        const { n, count, volume, price } = state.value;
        return h("p", [
          h("output", { id: "n" }, n),
          h("output", { id: "count" }, count),
          h("output", volume),
          h("output", price),
        ]);
      };
    });
    createApp(Page).mount(target);
  };
