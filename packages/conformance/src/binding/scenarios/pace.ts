import { expect, test, vi } from "vitest";
import { type Stage, settled } from "../mounted.ts";
import { scriptedSource } from "../scripted-source.ts";

const count = (state: number): number => state + 1;

/** How often a screen is told. */
export function paceScenarios(stage: Stage): void {
  test("[storm] ten thousand messages in one frame are one commit, and all are folded", async () => {
    const source = scriptedSource();
    const probe = stage.mount(source.stream, { initial: 0, reduce: count });
    await probe.shows({ status: "connecting" });
    source.open();
    await probe.shows({ status: "open" });
    await settled();
    const before = probe.history.length;
    for (let data = 0; data < 10_000; data += 1) source.emit(data);
    await probe.shows({ data: 10_000 });
    await settled();
    expect(probe.history.length - before).toBe(1);
  });

  test("[commit-sync] tells of each message at once", async () => {
    const source = scriptedSource();
    const probe = stage.mount(source.stream, { initial: 0, reduce: count, commit: "sync" });
    await probe.shows({ status: "connecting" });
    for (const expected of [1, 2, 3]) {
      source.emit(0);
      await probe.shows({ data: expected });
    }
    expect(probe.history.map(({ data }) => data)).toEqual(expect.arrayContaining([1, 2, 3]));
  });

  test("[commit-ms] tells at most once per interval", async () => {
    const source = scriptedSource();
    const probe = stage.mount(source.stream, { initial: 0, reduce: count, commit: 40 });
    await probe.shows({ status: "connecting" });
    const before = probe.history.length;
    for (let frames = 0; frames < 3; frames += 1) {
      source.emit(0);
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    await probe.shows({ data: 3 });
    expect(probe.history.length - before).toBeLessThanOrEqual(2);
  });

  test("[hidden-page] a page without animation frames folds on and commits by timer", async () => {
    const source = scriptedSource();
    const probe = stage.mount(source.stream, { initial: 0, reduce: count });
    await probe.shows({ status: "connecting" });
    await settled();
    vi.stubGlobal("requestAnimationFrame", () => 0);
    source.emit(1, 2, 3);
    await probe.shows({ data: 3 });
  });
}
