import { optionInvalid } from "@tidewire/wire";
import { type OpenOptions, realtime } from "../stream/realtime.ts";
import type { Realtime } from "../stream/stream.ts";
import type { StoreOptions } from "./options.ts";
import type { Source } from "./source.ts";

/** An address in the place of a source: the binding opens it, and every reader of the same address shares it. */
export type Endpoint = string | URL;

/** Options of a source that is an address: those of the stream beside those of the screen. */
export interface AddressOptions<In, Out, Shown>
  extends StoreOptions<In, Shown>,
    Omit<OpenOptions<In, Out>, "lingerMs"> {}

/** Streams opened for screens, by address and options. Weak: the table keeps none alive, and forgets those that went. */
const handles = new Map<string, WeakRef<Realtime<never, never>>>();
const forget = /* @__PURE__ */ new FinalizationRegistry<string>((name) => {
  if (handles.get(name)?.deref() === undefined) handles.delete(name);
});

/**
 * The source itself, or the stream that an address means; the same stream each time. Dials nothing.
 * Throws `option-invalid` when stream options come with something that is no address.
 */
export function openSource<In, Out, Shown>(
  source: Source<In, Out> | Endpoint,
  options: AddressOptions<In, Out, Shown>,
): Source<In, Out> {
  const streamOptions = streamOptionsOf(options);
  if (typeof source === "string" || source instanceof URL) return handleFor(String(source), streamOptions);
  const stray = Object.keys(streamOptions).find((name) => name !== "lingerMs");
  if (source && stray !== undefined) {
    throw optionInvalid(`\`${stray}\` is an option of the stream: give it to realtime(), where this stream is made.`);
  }
  return source;
}

function handleFor<In, Out>(address: string, options: OpenOptions<In, Out>): Realtime<In, Out> {
  const name = `${address} ${fingerprint(options)}`;
  const known = handles.get(name)?.deref() as Realtime<In, Out> | undefined; // the type is the caller's word
  if (known) return known;
  const made = realtime<In, Out>(address, options);
  handles.set(name, new WeakRef<Realtime<never, never>>(made as Realtime<never, never>));
  forget.register(made, name);
  return made;
}

/** What remains when the screen's own options are taken out. */
function streamOptionsOf<In, Out, Shown>(options: AddressOptions<In, Out, Shown>): OpenOptions<In, Out> {
  const { initial, reduce, conflate, maxKeys, select, equals, commit, onMessage, ...rest } = options;
  const given = Object.entries(rest).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as OpenOptions<In, Out>;
}

/** Functions and objects with a life of their own are made anew at each render: only their presence counts. */
function fingerprint(options: object): string {
  return JSON.stringify(Object.entries(options).sort(), (_name, value: unknown) => {
    if (typeof value === "function") return "function";
    const isMade = typeof value === "object" && value !== null && !Array.isArray(value);
    return isMade && Object.getPrototypeOf(value) !== Object.prototype ? "object" : value;
  });
}
