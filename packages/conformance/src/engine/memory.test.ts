import { memory } from "@tidewire/server";
import { expect, it } from "vitest";
import { runEngineSuite } from "./suite.ts";

runEngineSuite({ name: "memory", start: () => memory() });

it("memory: a new engine opens a greater epoch", async () => {
  let time = 1000;
  const now = () => time;
  const keep = { retainMessages: 10, retainBytes: 1000, retainMs: 500 };
  const before = await memory({ now }).append("a", "1", keep);
  time += 1;
  expect((await memory({ now }).append("a", "1", keep)).e).toBeGreaterThan(before.e);
});

it("memory: idempotency keys are remembered up to a bound", async () => {
  const engine = memory({ idempotencyKeys: 2 });
  const keep = { retainMessages: 10, retainBytes: 1000, retainMs: 500 };
  for (const idempotencyKey of ["1", "2", "3"]) await engine.append("a", "x", { ...keep, idempotencyKey });
  expect(await engine.append("a", "x", { ...keep, idempotencyKey: "3" })).toMatchObject({ duplicate: true });
  expect(await engine.append("a", "x", { ...keep, idempotencyKey: "1" })).toMatchObject({ duplicate: false });
});
