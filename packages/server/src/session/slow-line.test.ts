import { describe, expect, it } from "vitest";
import { serveHub } from "../adapters/node.fixture.ts";
import { type AnyFrame, dialTidewire } from "./peer.fixture.ts";

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const kind = (k: string) => (frame: { k?: string }) => frame.k === k;

describe("a publisher that never pauses", () => {
  it("costs a line that reads along none of its history, and many messages share a frame", async () => {
    const { hub, ws } = await serveHub({ retainMessages: 100 });
    const line = await dialTidewire(ws);
    line.hello({ subs: [{ t: "a" }] });
    await line.find(kind("live"));
    const before = line.batches;
    for (const n of range(1, 2000)) {
      void hub.publish("a", n);
      if (n % 200 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const frames: AnyFrame[] = [];
    while (frames.length < 2000) frames.push(await line.next());
    expect(frames.map((frame) => frame[3] ?? frame)).toEqual(range(1, 2000));
    expect(line.batches - before).toBeLessThan(100);
  });
});

describe("a slow line", () => {
  const text = "x".repeat(100_000);
  const slowDown = async (options: object) => {
    const { hub, ws } = await serveHub({ retainMessages: 200, retainBytes: 1e9 });
    hub.topic("a", options);
    const line = await dialTidewire(ws);
    line.hello({ subs: [{ t: "a" }] });
    await line.find(kind("live"));
    line.peer.pause();
    for (const n of range(1, 150)) {
      await hub.publish("a", { n, text });
      await new Promise((resolve) => setImmediate(resolve));
    }
    line.peer.resume();
    return line;
  };
  const read = async (line: Awaited<ReturnType<typeof dialTidewire>>) => {
    const numbers: number[] = [];
    const gaps: { from: number; to: number; why: string }[] = [];
    while (numbers.at(-1) !== 150) {
      const frame = await line.next();
      if (frame.k === "gap") gaps.push(frame);
      if (Array.isArray(frame)) numbers.push(frame[3].n);
    }
    return { numbers, gaps };
  };

  it("reads on where it stood by default", async () => {
    const { numbers, gaps } = await read(await slowDown({}));
    expect(numbers).toEqual(range(1, 150));
    expect(gaps).toEqual([]);
  });

  it("skips to the newest with `latest`, and the skip is said", async () => {
    const { numbers, gaps } = await read(await slowDown({ slow: "latest" }));
    expect(gaps).toEqual([expect.objectContaining({ from: numbers.at(-2), to: 149, why: "slow" })]);
  });

  it("skips to the newest few with `dropOldest`", async () => {
    const { numbers, gaps } = await read(await slowDown({ slow: "dropOldest", maxLag: 5 }));
    expect(gaps).toEqual([expect.objectContaining({ to: 145, why: "slow" })]);
    expect(numbers.slice(-5)).toEqual(range(146, 150));
  });

  it("is closed with `close`", async () => {
    const line = await slowDown({ slow: "close", maxLag: 5 });
    expect((await line.closed).code).toBe(4508);
  });
});
