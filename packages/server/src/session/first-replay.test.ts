import { expect, it } from "vitest";
import { serveHub } from "../adapters/node.fixture.ts";
import { dialTidewire } from "./peer.fixture.ts";

const kind = (k: string) => (frame: { k?: string }) => frame.k === k;

it("a thousand short messages and the end of their replay are one write behind the line's own words", async () => {
  const { hub, ws } = await serveHub();
  const text = "x".repeat(80);
  const { e, o } = await hub.publish("a", { n: 0, text });
  for (let n = 1; n <= 999; n += 1) await hub.publish("a", { n, text });
  const back = await dialTidewire(ws);
  back.hello({ subs: [{ t: "a", e, o }] });
  await back.find(kind("live"));
  expect(back.batches).toBe(2);
});
