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
import { getContext, setContext } from "svelte";
import { type RealtimeState, realtimeState } from "./realtime-state.ts";

const clientKey = Symbol("tidewire client");

/** Gives the hub's client to the components below this one. */
export function provideClient(client: Client): void {
  setContext(clientKey, client);
}

/** The client that was provided. */
export function useClient(): Client {
  const client = getContext<Client | undefined>(clientKey);
  if (client === undefined)
    throw new Error("There is no client here: call provideClient(client) in a component above.");
  return client;
}

type TopicName = string | null | undefined | false;

/**
 * Reads a topic of the provided client; no name is idle. Takes and returns what `useRealtime` does, and the topic's
 * own options: `from`, `schema`, `onGap`.
 *
 * @example
 * const price = useTopic<Tick>(() => `prices.${symbol}`); // {price.current?.price}
 */
export function useTopic<In = unknown, Out = In, Key = unknown, Shown = ReadonlyMap<Key, In>>(
  name: TopicName | (() => TopicName),
  options: ConflateOptions<In, Key, Shown> & TopicOptions<In, Out>,
): RealtimeState<Shown, Out>;
export function useTopic<
  In = unknown,
  Out = In,
  Init = undefined,
  State = FoldOf<In, Init>,
  Shown = Folded<State, Init>,
>(
  name: TopicName | (() => TopicName),
  options: ReduceOptions<In, Init, State, Shown> & TopicOptions<In, Out>,
): RealtimeState<Shown, Out>;
export function useTopic<In = unknown, Out = In, Empty = undefined, Shown = In | Empty>(
  name: TopicName | (() => TopicName),
  options?: (NewestOptions<In, Empty, Shown> | NamedFold) & TopicOptions<In, Out>,
): RealtimeState<Shown, Out>;
export function useTopic<In, Out, Shown>(
  name: TopicName | (() => TopicName),
  given: TopicScreenOptions<In, Out, Shown> | NamedFold = {},
): RealtimeState<Shown, Out> {
  const options = given as TopicScreenOptions<In, Out, Shown>; // of the other kind there is no value
  const client = useClient();
  const identify = () => (typeof name === "function" ? name() : name);
  return realtimeState<In, Out, Shown, TopicName>(identify, (topic) => openTopic(client, topic, options), options);
}
