import type { Source, StatusWord, Url } from "@tidewire/core";

/** The options a probe takes: whatever the binding takes, with states that can be printed. */
export interface ProbeOptions {
  readonly initial?: unknown;
  readonly reduce?: ((state: never, data: number) => unknown) | undefined;
  readonly conflate?: ((data: number) => unknown) | undefined;
  readonly select?: ((state: never) => unknown) | undefined;
  readonly equals?: ((before: unknown, after: unknown) => boolean) | undefined;
  readonly commit?: "frame" | "sync" | number | undefined;
  readonly onMessage?: ((data: number) => void) | undefined;
  readonly lingerMs?: number | undefined;
  readonly fetch?: typeof fetch | undefined;
  readonly lastEventId?: string | undefined;
}

export type ProbeSource = Source<number, string> | Url;

/** What a probe shows. */
export interface Shown {
  readonly data: unknown;
  readonly status: StatusWord;
  /** The code of the error, where there is one. */
  readonly error: string | undefined;
}

/** What a probe reports while it lives. */
export interface ProbeLog {
  /** Called while rendering, before the binding has attached. */
  readonly rendering: () => void;
  /** Called after each change of the page. */
  readonly committed: (shown: Shown) => void;
}

/** One component that reads one source by the binding, and writes what it reads on the page. */
export interface Probe {
  /** What stands on the page, read from the page. */
  read(): Shown;
  send(text: string): Promise<void>;
  reconnect(): void;
  setSource(source: ProbeSource): void;
  /** Renders again with other options; undefined where a framework runs a component's setup only once. */
  setOptions: ((options: ProbeOptions) => void) | undefined;
  /** Puts the component away without unmounting it (Activity, KeepAlive); undefined where there is no such thing. */
  setHidden: ((isHidden: boolean) => void) | undefined;
  unmount(): void;
}

/** A binding, as the suite drives it. */
export interface BindingDriver {
  readonly name: string;
  mount(source: ProbeSource, options: ProbeOptions, log: ProbeLog): Probe;
  /** Puts server-rendered HTML on the page; `start` makes it live. */
  hydrate(source: ProbeSource, options: ProbeOptions, log: ProbeLog): Hydration | Promise<Hydration>;
}

/** A page as it came from the server. */
export interface Hydration {
  readonly html: string;
  readonly start: () => Probe;
}

/** What the components print, the same in every framework. */
export function print(data: unknown, status: StatusWord, error: { readonly code: string } | undefined): string {
  const plain = data instanceof Map ? [...data] : data;
  return JSON.stringify({ data: plain, status, error: error?.code });
}

/** What {@link print} printed. */
export function parse(text: string | null): Shown {
  return { data: undefined, error: undefined, ...(JSON.parse(text ?? "{}") as Pick<Shown, "status">) };
}
