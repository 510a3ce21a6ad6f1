import { createStore, type Realtime } from "@tidewire/core";
import type { Tick } from "../../browser/pace.ts";
import { fold, initial } from "../fold.ts";
import { showing } from "./show.ts";

/** Shows a stream through the store that all bindings stand on. */
export function showStream(target: HTMLElement, stream: Realtime<Tick, unknown>): void {
  const { getSnapshot, subscribe } = createStore(stream as Realtime<Tick>, { initial, reduce: fold });
  const show = showing(target);
  subscribe(() => show(getSnapshot().data));
}
