import { optionInvalid } from "@tidewire/wire";
import type { Client } from "../client/client.ts";
import type { TopicOptions } from "../client/topic-state.ts";
import { type OpenOptions, realtime } from "../stream/realtime.ts";
import type { Realtime } from "../stream/stream.ts";
import type { FaceOptions } from "../stream/stream-of.ts";
import type { StoreOptions } from "./options.ts";
import type { Source } from "./source.ts";
import { fingerprint, WeakTable } from "./weak-table.ts";

/** An address in the place of a source: the binding opens it, and every reader of the same address shares it. */
export type Url = string | URL;

/** Options of a source that is an address: those of the stream beside those of the screen. */
export interface UrlOptions<In, Out, Shown> extends StoreOptions<In, Shown>, Omit<OpenOptions<In, Out>, "lingerMs"> {}

/** Options of a topic beside those of the screen. */
export interface TopicScreenOptions<In, Out, Shown>
  extends StoreOptions<In, Shown>,
    Omit<TopicOptions<In, Out>, "lingerMs">,
    FaceOptions {}

const byUrl = /* @__PURE__ */ new WeakTable<object>();
const byClient = /* @__PURE__ */ new WeakMap<Client, WeakTable<object>>();

/**
 * The source itself, or the stream that an address means; the same stream each time. Dials nothing.
 * Throws `option-invalid` when stream options come with something that is no address.
 */
export function openSource<In, Out, Shown>(
  source: Source<In, Out> | Url,
  options: UrlOptions<In, Out, Shown>,
): Source<In, Out> {
  const { screenless, name } = withoutScreen(options);
  if (typeof source === "string" || source instanceof URL) {
    const open = () => realtime<In, Out>(source, screenless as OpenOptions<In, Out>);
    return byUrl.get(`${source} ${name}`, open) as Realtime<In, Out>; // the types are the caller's word
  }
  const stray = Object.keys(screenless).find((option) => option !== "lingerMs");
  if (source && stray !== undefined) {
    throw optionInvalid(`\`${stray}\` is an option of the stream: give it to realtime(), where this stream is made.`);
  }
  return source;
}

/** A topic of a client; the same stream each time. Without a name it is nothing, and idle. Dials nothing. */
export function openTopic<In, Out, Shown>(
  client: Client,
  topic: string | null | undefined | false,
  options: TopicScreenOptions<In, Out, Shown>,
): Source<In, Out> {
  if (topic === null || topic === undefined || topic === false) return topic;
  const table = byClient.get(client) ?? new WeakTable<object>();
  byClient.set(client, table);
  const { screenless, name } = withoutScreen(options);
  const open = () => client.topic<In, Out>(topic, screenless as TopicOptions<In, Out>);
  return table.get(`${topic} ${name}`, open) as Realtime<In, Out>;
}

/** What remains when the screen's own options are taken out, and its name. */
function withoutScreen<In, Shown>(options: StoreOptions<In, Shown>): { screenless: object; name: string } {
  const { initial, reduce, conflate, maxKeys, select, equals, commit, onMessage, ...rest } = options;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return { screenless: given, name: fingerprint(given) };
}
