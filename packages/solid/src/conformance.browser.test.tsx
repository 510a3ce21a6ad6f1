import { pageDriver, runBindingSuite, type Script, type Strings } from "@tidewire/conformance/binding";
import type { JSX } from "solid-js";
import { hydrate, render } from "solid-js/web";
import { Probe } from "./probe.fixture.tsx";
import { serverRendered } from "./rendered-probe.fixture.ts";

type Begin = (code: () => JSX.Element, host: HTMLElement) => () => void;

function begin(how: Begin, host: HTMLElement, script: Script): Strings {
  let strings: Omit<Strings, "unmount"> | undefined;
  const unmount = how(() => <Probe script={script} take={(given) => (strings = given)} />, host);
  if (strings === undefined) throw new Error("The probe was not rendered.");
  return { ...strings, unmount };
}

runBindingSuite(
  pageDriver("Solid", {
    mount: (host, script) => begin(render, host, script),
    render: ({ options }) => serverRendered(options.initial),
    hydrate(host, script) {
      Reflect.set(globalThis, "_$HY", { events: [], completed: new WeakSet(), r: {}, fe() {} }); // as its script would
      return begin(hydrate, host, script);
    },
  }),
);
