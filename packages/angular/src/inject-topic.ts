import { InjectionToken, inject, type Provider } from "@angular/core";
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
import { type RealtimeRef, realtimeRef } from "./realtime-ref.ts";

const CLIENT = new InjectionToken<Client>("the client of a Tidewire hub");

/** Gives the hub's client to the application, or to what is below a component. A function is called in the injector. */
export function provideRealtime(client: Client | (() => Client)): Provider {
  return { provide: CLIENT, useFactory: typeof client === "function" ? client : () => client };
}

/** The client that was provided. */
export function injectClient(): Client {
  const client = inject(CLIENT, { optional: true });
  if (client === null)
    throw new Error("There is no client here: put provideRealtime(client) among the application's providers.");
  return client;
}

type TopicName = string | null | undefined | false;
type NameOrGetter = TopicName | (() => TopicName);

/**
 * Reads a topic of the provided client; no name is idle. Takes and returns what `injectRealtime` does, and the topic's
 * own options: `from`, `schema`, `onGap`.
 *
 * @example
 * readonly price = injectTopic<Tick>(() => `prices.${this.symbol()}`); // price.value()?.price
 */
export function injectTopic<In = unknown, Out = In, Key = unknown, Shown = ReadonlyMap<Key, In>>(
  name: NameOrGetter,
  options: ConflateOptions<In, Key, Shown> & TopicOptions<In, Out>,
): RealtimeRef<Shown, Out>;
export function injectTopic<
  In = unknown,
  Out = In,
  Init = undefined,
  State = FoldOf<In, Init>,
  Shown = Folded<State, Init>,
>(name: NameOrGetter, options: ReduceOptions<In, Init, State, Shown> & TopicOptions<In, Out>): RealtimeRef<Shown, Out>;
export function injectTopic<In = unknown, Out = In, Empty = undefined, Shown = In | Empty>(
  name: NameOrGetter,
  options?: (NewestOptions<In, Empty, Shown> | NamedFold) & TopicOptions<In, Out>,
): RealtimeRef<Shown, Out>;
export function injectTopic<In, Out, Shown>(
  name: NameOrGetter,
  given: TopicScreenOptions<In, Out, Shown> | NamedFold = {},
): RealtimeRef<Shown, Out> {
  const options = given as TopicScreenOptions<In, Out, Shown>; // of the other kind there is no value
  const client = injectClient();
  return realtimeRef<In, Out, Shown>(
    () => openTopic(client, typeof name === "function" ? name() : name, options),
    options,
  );
}
