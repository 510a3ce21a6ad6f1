import {
  type BindingDriver,
  type Probe,
  type ProbeLog,
  type ProbeOptions,
  type ProbeSource,
  parse,
  runBindingSuite,
} from "@tidewire/conformance/binding";
import { flushSync, hydrate, mount, unmount } from "svelte";
import { createSubscriber } from "svelte/reactivity";
import { serverRendered } from "./rendered-probe.ts";
import RunesProbe from "./runes-probe.test.svelte";
import StoreProbe from "./store-probe.test.svelte";

interface Actions {
  send(text: string): Promise<void>;
  reconnect(): void;
}

/** A source that changes, as a `$state` field would, without compiling this file. */
function changingSource(first: ProbeSource) {
  let source = first;
  let update = (): void => {};
  const track = createSubscriber((next) => {
    update = next;
  });
  return {
    get source(): ProbeSource {
      track();
      return source;
    },
    set(next: ProbeSource): void {
      source = next;
      update();
    },
  };
}

type ProbeComponent = typeof RunesProbe | typeof StoreProbe;

function begin(
  how: typeof mount | typeof hydrate,
  Component: ProbeComponent,
  host: HTMLElement,
  [source, options, log]: [ProbeSource, ProbeOptions, ProbeLog],
): Probe {
  const feed = changingSource(source);
  let actions: Actions | undefined;
  const take = (next: Actions): void => {
    actions = next;
  };
  const view = how(Component, { target: host, props: { feed, options, log, take } });
  flushSync();
  let isMounted = true;
  return {
    read: () => parse(host.textContent),
    send: (text) => actions?.send(text) ?? Promise.reject(new Error("not mounted")),
    reconnect: () => actions?.reconnect(),
    setSource: (next) => feed.set(next),
    setOptions: undefined,
    setHidden: undefined,
    unmount() {
      if (!isMounted) return;
      isMounted = false;
      void unmount(view).then(() => host.remove());
    },
  };
}

function driver(name: string, Component: ProbeComponent): BindingDriver {
  const newHost = () => document.body.appendChild(document.createElement("div"));
  return {
    name,
    mount: (...given) => begin(mount, Component, newHost(), given),
    hydrate(...given) {
      const host = newHost();
      const html = serverRendered(given[1].initial);
      host.innerHTML = html;
      return { html, start: () => begin(hydrate, Component, host, given) };
    },
  };
}

runBindingSuite(driver("Svelte runes", RunesProbe));
runBindingSuite(driver("Svelte store", StoreProbe));
