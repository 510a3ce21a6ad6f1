import { DestroyRef, inject, signal } from "@angular/core";
import { byHand } from "../by-hand.ts";
import { initial } from "../fold.ts";
import { mounting } from "./show.ts";

export const mount = mounting((feed) => {
  const state = signal(initial);
  inject(DestroyRef).onDestroy(byHand(feed, state.set));
  return state;
});
