import {
  type Client,
  type ConflateOptions,
  type Folded,
  type FoldOf,
  type NamedFold,
  type NewestOptions,
  openTopic,
  type ReduceOptions,
  type TopicOptions,
  type TopicScreenOptions,
} from "@tidewire/core";
import { type App, type InjectionKey, inject, type MaybeRefOrGetter, provide, toValue } from "vue";
import { type RealtimeRefs, realtimeRefs } from "./realtime-refs.ts";

const clientKey: InjectionKey<Client> = Symbol("tidewire client");

/** The plugin: `app.use(tidewire, client)` gives the hub's client to the whole application. */
export const tidewire = {
  install(app: App, client: Client): void {
    app.provide(clientKey, client);
  },
};

/** Gives the hub's client to the components below this one. */
export function provideClient(client: Client): void {
  provide(clientKey, client);
}

/** The client that was provided. */
export function useClient(): Client {
  const client = inject(clientKey, undefined);
  if (client === undefined)
    throw new Error("There is no client here: app.use(tidewire, client), or provideClient(client).");
  return client;
}

type TopicName = MaybeRefOrGetter<string | null | undefined | false>;

/**
 * Reads a topic of the provided client; no name is idle. Takes and returns what `useRealtime` does, and the topic's
 * own options: `from`, `schema`, `onGap`.
 *
 * @example
 * const { data } = useTopic<Tick>(() => `prices.${props.symbol}`);
 */
export function useTopic<In = unknown, Out = In, Key = unknown, Shown = ReadonlyMap<Key, In>>(
  name: TopicName,
  options: ConflateOptions<In, Key, Shown> & TopicOptions<In, Out>,
): RealtimeRefs<Shown, Out>;
export function useTopic<
  In = unknown,
  Out = In,
  Init = undefined,
  State = FoldOf<In, Init>,
  Shown = Folded<State, Init>,
>(name: TopicName, options: ReduceOptions<In, Init, State, Shown> & TopicOptions<In, Out>): RealtimeRefs<Shown, Out>;
export function useTopic<In = unknown, Out = In, Empty = undefined, Shown = In | Empty>(
  name: TopicName,
  options?: (NewestOptions<In, Empty, Shown> | NamedFold) & TopicOptions<In, Out>,
): RealtimeRefs<Shown, Out>;
export function useTopic<In, Out, Shown>(
  name: TopicName,
  given: TopicScreenOptions<In, Out, Shown> | NamedFold = {},
): RealtimeRefs<Shown, Out> {
  const options = given as TopicScreenOptions<In, Out, Shown>; // of the other kind there is no value
  const client = useClient();
  return realtimeRefs<In, Out, Shown>(() => openTopic(client, toValue(name), options), options);
}
