import { useEventSource, useWebSocket } from "@vueuse/core";
import { shallowRef, watch } from "vue";
import { foldAny, initial } from "../fold.ts";
import { mounting } from "./show.ts";

/** As its documentation has it: `data` is the last message, and a watcher folds it. */
export const mount = mounting(({ url, transport }) => {
  const state = shallowRef(initial);
  const { data } = transport === "sse" ? useEventSource(url) : useWebSocket<string>(url);
  watch(data, (text) => {
    if (text !== null) state.value = foldAny(state.value, JSON.parse(text));
  });
  return state;
});
