import { setInterval } from "node:timers/promises";
import type { Counters, Hub, HubEvent, HubStats } from "@tidewire/server";
import { EVENTS_KEPT, EVENTS_TOPIC, type Reading, STATS_TOPIC, type ToldEvent } from "./reading.ts";

const EVERY_MS = 1000;

/** Reads what a hub has to say of itself. */
export interface Gauges {
  /** For the hub's `onEvent`. Of what happens within a second the newest are told; the counts know of all. */
  note(event: HubEvent): void;
  /** Publishes readings and events once a second until the hub closes. */
  publish(hub: Hub): void;
}

/** Makes gauges. `now` is the clock, in milliseconds. */
export function createGauges(now: () => number = Date.now): Gauges {
  const news: ToldEvent[] = [];
  return {
    note(event) {
      news.push({ ...event, at: now() });
      if (news.length > EVENTS_KEPT) news.shift();
    },
    publish(hub) {
      const read = createReader(() => hub.stats(), now);
      hub.topic<Reading>(STATS_TOPIC, { retainMessages: 1 });
      hub.topic<ToldEvent>(EVENTS_TOPIC, { retainMessages: EVENTS_KEPT });
      hub.feed(
        STATS_TOPIC,
        everySecond(() => [read()]),
      );
      hub.feed(
        EVENTS_TOPIC,
        everySecond(() => news.splice(0)),
      );
    },
  };
}

/** Gives a reading, with the rates since the one before. */
export function createReader(stats: () => HubStats, now: () => number): () => Reading {
  let before = { at: now(), stats: stats() };
  return () => {
    const reading = { at: now(), stats: stats() };
    const perSecond = rates(before.stats, reading.stats, Math.max(1, reading.at - before.at) / 1000);
    before = reading;
    return { ...reading, perSecond };
  };
}

function rates(before: Counters, after: Counters, seconds: number): Counters {
  const of = (count: keyof Counters): number => (after[count] - before[count]) / seconds;
  return {
    linesOpened: of("linesOpened"),
    linesRefused: of("linesRefused"),
    linesLimited: of("linesLimited"),
    published: of("published"),
    gaps: of("gaps"),
    bytesWritten: of("bytesWritten"),
  };
}

async function* everySecond<T>(take: () => Iterable<T>): AsyncGenerator<T> {
  for await (const _ of setInterval(EVERY_MS, undefined, { ref: false })) yield* take();
}
