import { onScopeDispose, shallowRef } from "vue";
import { naively } from "../by-hand.ts";
import { foldAny, initial } from "../fold.ts";
import { mounting } from "./show.ts";

export const mount = mounting((feed) => {
  const state = shallowRef(initial);
  onScopeDispose(
    naively(feed, (text) => {
      state.value = foldAny(state.value, JSON.parse(text));
    }),
  );
  return state;
});
