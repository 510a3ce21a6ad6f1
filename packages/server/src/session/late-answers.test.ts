import { expect, it } from "vitest";
import { readSse, serveHub } from "../adapters/node.fixture.ts";
import type { HubEvent } from "../events.ts";
import { dialTidewire } from "./peer.fixture.ts";

const kind = (k: string) => (frame: { k?: string }) => frame.k === k;

/** Answers that are given when the test says so. */
function held<T>(answer: () => T) {
  let letGo: (() => void) | undefined;
  return {
    ask: () =>
      new Promise<T>((resolve) => {
        letGo = () => resolve(answer());
      }),
    isAsked: () => letGo !== undefined,
    answer: async () => {
      letGo?.();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

const topicsOf = (events: readonly HubEvent[]) =>
  events
    .filter(({ name }) => name.startsWith("tidewire.topic."))
    .map(({ name }) => name.slice("tidewire.topic.".length));

it("a token that is found good after its line has gone changes nothing: no topic is left twice", async () => {
  const events: HubEvent[] = [];
  const later = held(() => ({ id: "ann" }));
  let mayRead = true;
  const { hub, ws } = await serveHub({
    onEvent: (event) => events.push(event),
    authenticate: ({ token }) => (token === "second" ? later.ask() : { id: "ann" }),
    authorize: () => mayRead,
  });
  const framed = await dialTidewire(ws);
  framed.hello({ token: "first", subs: [{ t: "a" }] });
  await framed.find(kind("live"));
  framed.send({ k: "auth", id: 1, token: "second" });
  await expect.poll(later.isAsked).toBe(true);
  framed.peer.terminate();
  await expect.poll(() => hub.stats().lines).toBe(0);
  mayRead = false;
  await later.answer();
  expect(topicsOf(events)).toEqual(["joined", "left"]);
});

it("a plain line that may not go on with a replay leaves its topic, once", async () => {
  const events: HubEvent[] = [];
  let asked = 0;
  const { hub, http } = await serveHub({
    onEvent: (event) => events.push(event),
    authorize: async () => {
      asked += 1;
      return asked === 1;
    },
    retainBytes: 10_000_000,
  });
  for (let n = 0; n < 20; n += 1) await hub.publish("a", "x".repeat(50_000));
  const stream = await readSse(`${http}/?topic=a&from=earliest`);
  expect((await stream.end()).length).toBeLessThan(20);
  await expect.poll(() => hub.stats().lines).toBe(0);
  expect(topicsOf(events)).toEqual(["joined", "left"]);
});

it("and one that has gone before the answer leaves it once, too", async () => {
  const events: HubEvent[] = [];
  const later = held(() => false);
  let asked = 0;
  const { hub, http } = await serveHub({
    onEvent: (event) => events.push(event),
    authorize: () => {
      asked += 1;
      return asked === 1 ? true : later.ask();
    },
    retainBytes: 10_000_000,
  });
  for (let n = 0; n < 20; n += 1) await hub.publish("a", "x".repeat(50_000));
  const stream = await readSse(`${http}/?topic=a&from=earliest`);
  await stream.take(1);
  await expect.poll(later.isAsked).toBe(true);
  stream.abort();
  await expect.poll(() => hub.stats().lines).toBe(0);
  await later.answer();
  expect(topicsOf(events)).toEqual(["joined", "left"]);
});
