import { expect, it } from "vitest";
import { readSse, serveHub } from "../adapters/node.fixture.ts";

it("a plain event stream says its place at once, so that one that is cut before its first message loses nothing", async () => {
  const { hub, http } = await serveHub();
  await hub.publish("a", "before");
  const first = await readSse(`${http}/?topic=a&topic=b`);
  while (first.lastEventId === "") await first.read();
  first.abort();
  await expect.poll(() => hub.stats().lines).toBe(0);
  await hub.publish("a", "meanwhile");
  await hub.publish("b", "meanwhile too");
  const again = await readSse(`${http}/?topic=a&topic=b`, { "last-event-id": first.lastEventId });
  expect((await again.take(2)).map(({ data }) => data)).toEqual(["meanwhile", "meanwhile too"]);
});
