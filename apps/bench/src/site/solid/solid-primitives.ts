import { createReconnectingWS } from "@solid-primitives/websocket";
import { createSignal, onCleanup } from "solid-js";
import { foldAny, initial } from "../fold.ts";
import { mounting } from "./show.ts";

/** As its README has it: a listener on the socket sets a signal. It has no event streams: there, the platform's own. */
export const mount = mounting(({ url, transport }) => {
  const [state, setState] = createSignal(initial);
  const source = transport === "sse" ? new EventSource(url) : createReconnectingWS(url);
  source.addEventListener("message", (event) => {
    setState((before) => foldAny(before, JSON.parse((event as MessageEvent<string>).data)));
  });
  onCleanup(() => source.close());
  return state;
});
