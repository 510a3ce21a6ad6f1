import type { Counters, HubEvent, HubStats } from "@tidewire/server";

/** The hub's topics about itself begin like this. Only operators may read them. */
export const OWN_TOPICS = "hub.";
export const STATS_TOPIC = "hub.stats";
export const EVENTS_TOPIC = "hub.events";
/** So many events are kept, told in a second, and shown. */
export const EVENTS_KEPT = 50;

/** What a hub holds and did, at one moment. */
export interface Reading {
  /** In milliseconds since 1970. */
  readonly at: number;
  readonly stats: HubStats;
  /** By how much each count grew in a second, since the reading before. */
  readonly perSecond: Readonly<Counters>;
}

/** Something that happened, and when. */
export type ToldEvent = HubEvent & { readonly at: number };
