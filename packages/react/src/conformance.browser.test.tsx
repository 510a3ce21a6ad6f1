import {
  type BindingDriver,
  type ProbeLog,
  type ProbeOptions,
  type ProbeSource,
  parse,
  print,
  runBindingSuite,
} from "@tidewire/conformance/binding";
import { Activity, type ReactNode, StrictMode, useLayoutEffect } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { useRealtime } from "./index.ts";

interface ProbeProps {
  readonly source: ProbeSource;
  readonly options: ProbeOptions;
  readonly log: ProbeLog;
  readonly take: (actions: { send(text: string): Promise<void>; reconnect(): void }) => void;
}

function ProbeView({ source, options, log, take }: ProbeProps) {
  const snapshot = useRealtime<number, string>(source, options as object);
  const text = print(snapshot.data, snapshot.status, snapshot.error);
  log.rendering();
  useLayoutEffect(() => {
    take(snapshot);
    log.committed(parse(text));
  }, [snapshot, text, log, take]);
  return <output>{text}</output>;
}

function driver(name: string, wrap: (probe: ReactNode) => ReactNode): BindingDriver {
  return {
    name,
    mount(firstSource, firstOptions, log) {
      const host = document.body.appendChild(document.createElement("div"));
      let thrown: unknown;
      const root = createRoot(host, {
        onUncaughtError(error) {
          thrown = error;
        },
      });
      let source = firstSource;
      let options = firstOptions;
      let isHidden = false;
      let actions: { send(text: string): Promise<void>; reconnect(): void } | undefined;
      const take: ProbeProps["take"] = (next) => {
        actions = next;
      };
      const render = () =>
        flushSync(() =>
          root.render(
            wrap(
              <Activity mode={isHidden ? "hidden" : "visible"}>
                <ProbeView source={source} options={options} log={log} take={take} />
              </Activity>,
            ),
          ),
        );
      render();
      if (thrown !== undefined) throw thrown;
      return {
        read: () => parse(host.textContent),
        send: (text) => actions?.send(text) ?? Promise.reject(new Error("not mounted")),
        reconnect: () => actions?.reconnect(),
        setSource(next) {
          source = next;
          render();
        },
        setOptions(next) {
          options = next;
          render();
        },
        setHidden(next) {
          isHidden = next;
          render();
        },
        unmount() {
          root.unmount();
          host.remove();
        },
      };
    },
  };
}

runBindingSuite(driver("React", (probe) => probe));
runBindingSuite(driver("React StrictMode", (probe) => <StrictMode>{probe}</StrictMode>));
