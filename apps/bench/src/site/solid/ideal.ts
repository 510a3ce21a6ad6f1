import { createSignal, onCleanup } from "solid-js";
import { byHand } from "../by-hand.ts";
import { initial } from "../fold.ts";
import { mounting } from "./show.ts";

export const mount = mounting((feed) => {
  const [state, setState] = createSignal(initial);
  onCleanup(byHand(feed, setState));
  return state;
});
