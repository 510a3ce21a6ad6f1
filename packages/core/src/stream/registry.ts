import { optionInvalid } from "@tidewire/wire";
import type { Transport } from "../transport/transport.ts";
import { createLive, type Live, type LiveOptions } from "./live.ts";

interface Entry {
  readonly live: WeakRef<object>;
  readonly fingerprint: string;
}

/** Every endpoint that somebody holds, by key. Weak: the table keeps none alive, and forgets those that went. */
const entries = new Map<string, Entry>();

/** The endpoint of this key: the one that is there, or a new one. Without a key, always a new one. */
export function liveFor<In, Out>(
  transport: Transport,
  key: string | null | undefined,
  options: LiveOptions<In, Out>,
): Live<In, Out> {
  if (key == null) return createLive(transport, options);
  const fingerprint = fingerprintOf({ ...transport.settings, ...options });
  const entry = entries.get(key);
  const found = entry?.live.deref() as Live<In, Out> | undefined; // the type is the caller's word, as with any address
  if (found && entry?.fingerprint === fingerprint) return found;
  if (found?.isActive) throw optionInvalid(`"${key}" is open with different options: use those, or its own \`key\`.`);
  for (const [other, { live }] of entries) if (!live.deref()) entries.delete(other);
  const live = createLive(transport, options);
  entries.set(key, { live: new WeakRef(live), fingerprint });
  return live;
}

/** What is made of these is compared by its contents. Neither null nor undefined has a constructor. */
const PLAIN: readonly unknown[] = [Object, Array, String, Number, Boolean, undefined];

/**
 * What two callers must agree on to share a connection. Functions and objects with a life of their own are made anew
 * by each caller, so only their presence counts; the first caller's are used.
 */
function fingerprintOf(options: object): string {
  const sorted = Object.fromEntries(Object.entries(options).sort());
  return JSON.stringify(sorted, (_name, value) => (PLAIN.includes(value?.constructor) ? value : typeof value));
}
