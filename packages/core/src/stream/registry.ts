import { optionInvalid, type TidewireError } from "@tidewire/wire";
import type { Transport } from "../transport/transport.ts";
import { Live, type LiveOptions } from "./live.ts";

interface Entry {
  readonly live: WeakRef<object>;
  readonly fingerprint: string;
}

/** Every endpoint that somebody holds, by key. Weak: the table never keeps one alive, and forgets those that went. */
const entries = new Map<string, Entry>();
const forget = new FinalizationRegistry<string>((key) => {
  if (entries.get(key)?.live.deref() === undefined) entries.delete(key);
});

/** The endpoint of this key: the one that is there, or a new one. Without a key, always a new one. */
export function liveFor<In, Out>(
  transport: Transport,
  key: string | undefined,
  options: LiveOptions<In, Out>,
): Live<In, Out> {
  if (key === undefined) return new Live(transport, options);
  const fingerprint = fingerprintOf({ ...transport.settings, ...options });
  const entry = entries.get(key);
  const found = entry?.live.deref() as Live<In, Out> | undefined; // the type is the caller's word, as with any address
  if (found && entry?.fingerprint === fingerprint) return found;
  if (found?.isActive) throw conflict(key);
  const live = new Live(transport, options);
  entries.set(key, { live: new WeakRef<object>(live), fingerprint });
  forget.register(live, key);
  return live;
}

/**
 * What two callers must agree on to share a connection. Functions and objects with a life of their own are made anew
 * by each caller, so only their presence counts; the first caller's are used.
 */
function fingerprintOf(options: object): string {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  const plain = entries.map(([name, value]) => [name, typeof value === "function" ? "function" : value]);
  return JSON.stringify(plain.sort(), (_name, value: unknown) => (isPlain(value) ? value : "object"));
}

function isPlain(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return typeof value !== "function";
  const prototype = Object.getPrototypeOf(value) as unknown;
  return prototype === Object.prototype || prototype === Array.prototype;
}

function conflict(key: string): TidewireError {
  return optionInvalid(
    `Two streams of "${key}" have different options, but share one connection: give both the same options, or one of them its own \`key\`.`,
  );
}
