"use client";

import {
  type Client,
  type ConflateOptions,
  type Folded,
  type FoldOf,
  type NamedFold,
  type NewestOptions,
  openTopic,
  type ReduceOptions,
  type Snapshot,
  type TopicOptions,
  type TopicScreenOptions,
} from "@tidewire/core";
import { createContext, createElement, type ReactNode, useContext } from "react";
import { useStore } from "./use-store.ts";

const ClientContext = createContext<Client | undefined>(undefined);

/** What {@link RealtimeProvider} takes. */
export interface RealtimeProviderProps {
  readonly client: Client;
  readonly children?: ReactNode;
}

/** Gives the hub's client to all components below. */
export function RealtimeProvider({ client, children }: RealtimeProviderProps): ReactNode {
  return createElement(ClientContext.Provider, { value: client }, children);
}

/** The client of the nearest {@link RealtimeProvider}. */
export function useClient(): Client {
  const client = useContext(ClientContext);
  if (client === undefined) throw new Error("There is no client here: put a <RealtimeProvider client={…}> around it.");
  return client;
}

type TopicName = string | null | undefined | false;

/**
 * Reads a topic of the provided client; no name is idle. Takes and returns what `useRealtime` does, and the topic's
 * own options: `from`, `schema`, `onGap`.
 *
 * @example
 * const { data } = useTopic<Tick>("prices.AAPL");
 */
export function useTopic<In = unknown, Out = In, Key = unknown, Shown = ReadonlyMap<Key, In>>(
  name: TopicName,
  options: ConflateOptions<In, Key, Shown> & TopicOptions<In, Out>,
): Snapshot<Shown, Out>;
export function useTopic<
  In = unknown,
  Out = In,
  Init = undefined,
  State = FoldOf<In, Init>,
  Shown = Folded<State, Init>,
>(name: TopicName, options: ReduceOptions<In, Init, State, Shown> & TopicOptions<In, Out>): Snapshot<Shown, Out>;
export function useTopic<In = unknown, Out = In, Empty = undefined, Shown = In | Empty>(
  name: TopicName,
  options?: (NewestOptions<In, Empty, Shown> | NamedFold) & TopicOptions<In, Out>,
): Snapshot<Shown, Out>;
export function useTopic<In, Out, Shown>(
  name: TopicName,
  given: TopicScreenOptions<In, Out, Shown> | NamedFold = {},
): Snapshot<Shown, Out> {
  const options = given as TopicScreenOptions<In, Out, Shown>; // of the other kind there is no value
  const client = useClient();
  return useStore<In, Out, Shown>(() => openTopic(client, name, options), client, name, options);
}
