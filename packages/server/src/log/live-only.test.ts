import { describe, expect, it } from "vitest";
import { readSse, serveHub } from "../adapters/node.fixture.ts";
import { dialTidewire } from "../session/peer.fixture.ts";

const kind = (k: string) => (frame: { k?: string }) => frame.k === k;
const LARGE = "x".repeat(1_200_000);

/** A hub with one reader by each way who is there, and what operators hear. */
async function listen(options: object) {
  const events: { name: string }[] = [];
  const { hub, ws, http } = await serveHub({ onEvent: (event) => events.push(event), ...options });
  const line = await dialTidewire(ws);
  line.hello({ subs: [{ t: "a" }] });
  await line.find(kind("live"));
  const stream = await readSse(`${http}/?topic=a`);
  await stream.read();
  return { hub, ws, http, line, stream, gaps: () => events.filter(({ name }) => name === "tidewire.gap") };
}

describe("a message larger than what is kept", () => {
  it.each([
    ["of 1.2 MB, with the defaults", {}],
    ["of a topic that keeps no bytes", { retainBytes: 0 }],
    ["of a topic that keeps no messages", { retainMessages: 0 }],
    ["of a topic that keeps nothing for any time", { retainMs: 0 }],
  ])("%s reaches everybody who is there, in order, without a gap", async (_what, options) => {
    const { hub, line, stream, gaps } = await listen(options);
    for (const message of ["before", LARGE, "after"]) void hub.publish("a", message);
    expect(await line.data(3)).toEqual(["before", LARGE, "after"]);
    const events = await stream.take(3);
    expect(events.map(({ data }) => data)).toEqual(["before", LARGE, "after"]);
    expect(gaps()).toEqual([]);
  });

  it("costs small ones of the same turn nothing", async () => {
    const { hub, line, gaps } = await listen({ retainBytes: 1000 });
    for (const message of ["x".repeat(400), "x".repeat(700), "x".repeat(5000)]) void hub.publish("a", message);
    expect((await line.data(3)).map((text) => (text as string).length)).toEqual([400, 700, 5000]);
    expect(gaps()).toEqual([]);
  });
});

describe("a topic that keeps nothing", () => {
  it.each([{ retainMessages: 0 }, { retainBytes: 0 }])(
    "is live only: who comes later reads what comes then (%o)",
    async (keep) => {
      const { hub, ws, line } = await listen(keep);
      await hub.publish("a", "missed");
      expect(await line.data(1)).toEqual(["missed"]);
      const late = await dialTidewire(ws);
      late.hello({ subs: [{ t: "a", from: "earliest" }] });
      await late.find(kind("live"));
      await hub.publish("a", "heard");
      expect(await late.data(1)).toEqual(["heard"]);
    },
  );

  it("tells who comes back that what came meanwhile is gone, and not that it was slow", async () => {
    const { hub, ws, gaps } = await listen({ retainMessages: 0 });
    const { e, o } = await hub.publish("a", 1);
    await hub.publish("a", 2);
    const back = await dialTidewire(ws);
    back.hello({ subs: [{ t: "a", e, o }] });
    expect(await back.find(kind("gap"))).toMatchObject({ from: o, to: o + 1, why: "trimmed" });
    expect(gaps()).toEqual([expect.objectContaining({ why: "trimmed" })]);
  });
});
