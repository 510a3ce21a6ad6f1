import { createHub, type HubEvent, memory } from "@tidewire/server";
import { expect, onTestFinished, test } from "vitest";
import { createGauges, createReader } from "./gauges.ts";
import { EVENTS_KEPT, EVENTS_TOPIC } from "./reading.ts";

test("a reading has the rates since the one before", async () => {
  const hub = createHub();
  onTestFinished(() => hub.close());
  let now = 0;
  const read = createReader(
    () => hub.stats(),
    () => now,
  );
  for (let each = 0; each < 6; each += 1) await hub.publish("a", each);
  now = 2000;
  expect(read()).toMatchObject({ at: 2000, stats: { published: 6 }, perSecond: { published: 3, linesOpened: 0 } });
  now = 2500;
  expect(read().perSecond.published).toBe(0);
});

test("of more events in a second than are kept the newest are told, in their order", async () => {
  const { note, publish } = createGauges(() => 7);
  const engine = memory();
  const hub = createHub({ engine });
  onTestFinished(() => hub.close());
  const refused = (code: number): HubEvent => ({ name: "tidewire.line.refused", code, reason: "" });
  for (let code = 0; code < EVENTS_KEPT + 10; code += 1) note(refused(code));
  publish(hub);
  const told = async () => engine.read(EVENTS_TOPIC, undefined, 2 * EVENTS_KEPT);
  await expect.poll(async () => (await told()).top).toBe(EVENTS_KEPT);
  const { entries } = await told();
  expect(entries.map(({ payload }) => JSON.parse(payload))).toEqual(
    entries.map((_, index) => ({ ...refused(10 + index), at: 7 })),
  );
});
