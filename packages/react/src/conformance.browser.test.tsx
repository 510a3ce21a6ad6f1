import {
  type BindingDriver,
  type Probe,
  type ProbeLog,
  type ProbeOptions,
  type ProbeSource,
  parse,
  print,
  runBindingSuite,
} from "@tidewire/conformance/binding";
import * as React from "react";
import { type ReactNode, StrictMode, useEffect } from "react";
import { flushSync } from "react-dom";
import { createRoot, hydrateRoot, type Root } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { useRealtime } from "./index.ts";

interface Actions {
  send(text: string): Promise<void>;
  reconnect(): void;
}

interface ProbeProps {
  readonly source: ProbeSource;
  readonly options: ProbeOptions;
  readonly log: ProbeLog;
  readonly take: (actions: Actions) => void;
}

function ProbeView({ source, options, log, take }: ProbeProps) {
  const snapshot = useRealtime<number, string>(source, options as object);
  const text = print(snapshot.data, snapshot.status, snapshot.error);
  log.rendering();
  useEffect(() => {
    take(snapshot);
    log.committed(parse(text));
  }, [snapshot, text, log, take]);
  return <output>{text}</output>;
}

/** React 18 has no Activity. */
const Activity = "Activity" in React ? React.Activity : undefined;

type Wrap = (probe: ReactNode) => ReactNode;

/** One probe in one root, and what it was rendered with last. */
class ReactProbe {
  readonly host: HTMLElement = document.body.appendChild(document.createElement("div"));
  readonly #log: ProbeLog;
  readonly #wrap: Wrap;
  #source: ProbeSource;
  #options: ProbeOptions;
  #isHidden = false;
  #actions: Actions | undefined;

  constructor(wrap: Wrap, source: ProbeSource, options: ProbeOptions, log: ProbeLog) {
    this.#wrap = wrap;
    this.#source = source;
    this.#options = options;
    this.#log = log;
  }

  readonly #take = (actions: Actions): void => {
    this.#actions = actions;
  };

  view(): ReactNode {
    const probe = <ProbeView source={this.#source} options={this.#options} log={this.#log} take={this.#take} />;
    const mode = this.#isHidden ? "hidden" : "visible";
    return this.#wrap(Activity ? <Activity mode={mode}>{probe}</Activity> : probe);
  }

  probe(root: Root): Probe {
    const render = (): void => flushSync(() => root.render(this.view()));
    return {
      read: () => parse(this.host.textContent),
      send: (text) => this.#actions?.send(text) ?? Promise.reject(new Error("not mounted")),
      reconnect: () => this.#actions?.reconnect(),
      setSource: (source) => {
        this.#source = source;
        render();
      },
      setOptions: (options) => {
        this.#options = options;
        render();
      },
      setHidden:
        Activity &&
        ((isHidden) => {
          this.#isHidden = isHidden;
          render();
        }),
      unmount: () => {
        root.unmount();
        this.host.remove();
      },
    };
  }
}

/** Where errors of rendering go: React 18 throws them out of `flushSync`, React 19 tells the root. */
function errorTrap() {
  const trap = { error: undefined as unknown };
  const onUncaughtError = (error: unknown): void => {
    trap.error = error;
  };
  return { trap, options: { onUncaughtError } };
}

function driver(name: string, wrap: Wrap): BindingDriver {
  return {
    name,
    mount(source, options, log) {
      const view = new ReactProbe(wrap, source, options, log);
      const { trap, options: rootOptions } = errorTrap();
      const root = createRoot(view.host, rootOptions);
      flushSync(() => root.render(view.view()));
      if (trap.error !== undefined) throw trap.error;
      return view.probe(root);
    },
    hydrate(source, options, log) {
      const view = new ReactProbe(wrap, source, options, log);
      const html = renderToString(view.view());
      view.host.innerHTML = html;
      return { html, start: () => view.probe(flushSync(() => hydrateRoot(view.host, view.view()))) };
    },
  };
}

const version = `React ${React.version.split(".")[0]}`;
runBindingSuite(driver(version, (probe) => probe));
runBindingSuite(driver(`${version} StrictMode`, (probe) => <StrictMode>{probe}</StrictMode>));
