import { parse, print, type Script, type Strings } from "@tidewire/conformance/binding";
import { createEffect, createMemo, createSignal } from "solid-js";
import { createRealtime } from "./index.ts";

/** What moves a probe, once it is on the page. */
export type Take = (strings: Omit<Strings, "unmount">) => void;

/** A component that reads by the binding. */
export function Probe({ script, take }: { script: Script; take: Take }) {
  const [source, setSource] = createSignal(script.source);
  const live = createRealtime<number, string>(source, script.options as object);
  const text = createMemo(() => print(live(), live.status, live.error));
  take({ send: live.send, reconnect: live.reconnect, setSource: (next) => void setSource(() => next) });
  createEffect(() => script.log.committed(parse(text())));
  script.log.rendering();
  return <output>{text()}</output>;
}
