import { onScopeDispose, shallowRef } from "vue";
import { byHand } from "../by-hand.ts";
import { initial } from "../fold.ts";
import { mounting } from "./show.ts";

export const mount = mounting((feed) => {
  const state = shallowRef(initial);
  onScopeDispose(
    byHand(feed, (next) => {
      state.value = next;
    }),
  );
  return state;
});
