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
import { createComponent, createContext, type JSX, useContext } from "solid-js";
import { type RealtimeAccessor, realtimeAccessor } from "./realtime-accessor.ts";

const ClientContext = createContext<Client>();

/** Gives the hub's client to all components below. */
export const RealtimeProvider = (props: { readonly client: Client; readonly children?: JSX.Element }): JSX.Element =>
  createComponent(ClientContext.Provider, {
    value: props.client,
    get children() {
      return props.children;
    },
  });

/** The client of the nearest {@link RealtimeProvider}. */
export function useClient(): Client {
  const client = useContext(ClientContext);
  if (client === undefined) throw new Error("There is no client here: put a <RealtimeProvider client={…}> around it.");
  return client;
}

type TopicName = string | null | undefined | false;
type NameOrGetter = TopicName | (() => TopicName);

/**
 * Reads a topic of the provided client; no name is idle. Takes and returns what `createRealtime` does, and the topic's
 * own options: `from`, `schema`, `onGap`.
 *
 * @example
 * const price = createTopic<Tick>(() => `prices.${props.symbol}`); // price()?.price
 */
export function createTopic<In = unknown, Out = In, Key = unknown, Shown = ReadonlyMap<Key, In>>(
  name: NameOrGetter,
  options: ConflateOptions<In, Key, Shown> & TopicOptions<In, Out>,
): RealtimeAccessor<Shown, Out>;
export function createTopic<
  In = unknown,
  Out = In,
  Init = undefined,
  State = FoldOf<In, Init>,
  Shown = Folded<State, Init>,
>(
  name: NameOrGetter,
  options: ReduceOptions<In, Init, State, Shown> & TopicOptions<In, Out>,
): RealtimeAccessor<Shown, Out>;
export function createTopic<In = unknown, Out = In, Empty = undefined, Shown = In | Empty>(
  name: NameOrGetter,
  options?: (NewestOptions<In, Empty, Shown> | NamedFold) & TopicOptions<In, Out>,
): RealtimeAccessor<Shown, Out>;
export function createTopic<In, Out, Shown>(
  name: NameOrGetter,
  given: TopicScreenOptions<In, Out, Shown> | NamedFold = {},
): RealtimeAccessor<Shown, Out> {
  const options = given as TopicScreenOptions<In, Out, Shown>; // of the other kind there is no value
  const client = useClient();
  return realtimeAccessor<In, Out, Shown>(
    () => openTopic(client, typeof name === "function" ? name() : name, options),
    options,
  );
}
