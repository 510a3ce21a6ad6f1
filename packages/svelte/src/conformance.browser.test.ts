import { type BindingDriver, type ProbeSource, parse, runBindingSuite } from "@tidewire/conformance/binding";
import { flushSync, mount, unmount } from "svelte";
import { createSubscriber } from "svelte/reactivity";
import RunesProbe from "./runes-probe.test.svelte";
import StoreProbe from "./store-probe.test.svelte";

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

function driver(name: string, Probe: typeof RunesProbe | typeof StoreProbe): BindingDriver {
  return {
    name,
    mount(source, options, log) {
      const host = document.body.appendChild(document.createElement("div"));
      const feed = changingSource(source);
      let actions: { send(text: string): Promise<void>; reconnect(): void } | undefined;
      const take = (next: NonNullable<typeof actions>): void => {
        actions = next;
      };
      const view = mount(Probe, { target: host, props: { feed, options, log, take } });
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
    },
  };
}

runBindingSuite(driver("Svelte runes", RunesProbe));
runBindingSuite(driver("Svelte store", StoreProbe));
