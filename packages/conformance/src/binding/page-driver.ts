import { type BindingDriver, type Probe, type ProbeLog, type ProbeOptions, type ProbeSource, parse } from "./driver.ts";

/** What one probe is to read, and whom it tells. */
export interface Script {
  readonly source: ProbeSource;
  readonly options: ProbeOptions;
  readonly log: ProbeLog;
}

/** The strings that move one mounted component. What a framework has not, it leaves out. */
export interface Strings extends Pick<Probe, "send" | "reconnect" | "setSource" | "unmount"> {
  readonly setOptions?: Probe["setOptions"];
  readonly setHidden?: Probe["setHidden"];
}

/** A framework, as little of it as the suite needs. */
export interface Framework {
  /** Puts a component that prints what it reads into an element. */
  mount(host: HTMLElement, script: Script): Strings;
  /** What a server renders of the same component. */
  render(script: Script): string | Promise<string>;
  /** Takes over an element with what `render` gave. Default: `mount`. */
  hydrate?(host: HTMLElement, script: Script): Strings;
}

/** Drives a binding on the page. */
export function pageDriver(name: string, framework: Framework): BindingDriver {
  const newHost = () => document.body.appendChild(document.createElement("div"));
  return {
    name,
    mount: (source, options, log) => {
      const host = newHost();
      return probeOf(host, framework.mount(host, { source, options, log }));
    },
    async hydrate(source, options, log) {
      const script = { source, options, log };
      const host = newHost();
      const html = await framework.render(script);
      host.innerHTML = html;
      return { html, start: () => probeOf(host, (framework.hydrate ?? framework.mount)(host, script)) };
    },
  };
}

function probeOf(host: HTMLElement, { setOptions, setHidden, ...strings }: Strings): Probe {
  let isMounted = true;
  return {
    ...strings,
    setOptions,
    setHidden,
    read: () => parse(host.querySelector("output")?.textContent || null),
    unmount() {
      if (!isMounted) return;
      isMounted = false;
      strings.unmount();
      host.remove();
    },
  };
}
