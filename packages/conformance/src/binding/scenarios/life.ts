import { expect, test } from "vitest";
import { type Stage, settled } from "../mounted.ts";
import { scriptedSource } from "../scripted-source.ts";

const list = (state: readonly number[], data: number): readonly number[] => [...state, data];
const folded = { initial: [], reduce: list } as const;

/** Coming, going, being put away, and other sources in between. */
export function lifeScenarios(stage: Stage): void {
  test("[remount] within the linger keeps the connection and the fold", async () => {
    const source = scriptedSource();
    const first = stage.mount(source.stream, folded);
    await first.shows({ status: "connecting" });
    source.open();
    source.emit(1, 2);
    await first.shows({ data: [1, 2] });
    first.unmount();
    source.emit(3);
    const second = stage.mount(source.stream, folded);
    await second.shows({ data: [1, 2, 3], status: "open" });
    expect(second.history[0]).toMatchObject({ data: expect.arrayContaining([1, 2]), status: "open" });
    source.emit(4);
    await second.shows({ data: [1, 2, 3, 4] });
    expect(source.dials()).toBe(1);
  });

  test("[linger] lets the source go after the last reader, and the next one begins anew", async () => {
    const source = scriptedSource();
    const first = stage.mount(source.stream, { ...folded, lingerMs: 20 });
    await first.shows({ status: "connecting" });
    source.emit(1);
    await first.shows({ data: [1] });
    first.unmount();
    expect(source.readers()).toBe(1);
    await expect.poll(() => source.readers()).toBe(0);
    const second = stage.mount(source.stream, { ...folded, lingerMs: 20 });
    await second.shows({ data: [], status: "connecting" });
    source.emit(2);
    await second.shows({ data: [2] });
    expect(source.dials()).toBe(2);
  });

  test("[unmount-connecting] leaves nothing behind when unmounted before the source opened", async () => {
    const source = scriptedSource();
    const probe = stage.mount(source.stream, { lingerMs: 0 });
    probe.unmount();
    await settled();
    await expect.poll(() => source.readers()).toBe(0);
    const again = stage.mount(source.stream, { lingerMs: 0 });
    await again.shows({ status: "connecting" });
    again.unmount();
    await expect.poll(() => source.readers()).toBe(0);
  });

  test("[double-dispose] unmounting twice is harmless to other readers", async () => {
    const source = scriptedSource();
    const one = stage.mount(source.stream, { lingerMs: 0 });
    const other = stage.mount(source.stream, { lingerMs: 0 });
    await one.shows({ status: "connecting" });
    await other.shows({ status: "connecting" });
    one.unmount();
    one.unmount();
    await settled();
    expect(source.readers()).toBe(1);
    source.emit(1);
    await other.shows({ data: 1 });
  });

  test("[source-change] shows only messages of the source it reads now", async () => {
    const before = scriptedSource();
    const after = scriptedSource();
    const probe = stage.mount(before.stream, { ...folded, lingerMs: 0 });
    await probe.shows({ status: "connecting" });
    before.open();
    before.emit(1, 2);
    await probe.shows({ data: [1, 2], status: "open" });
    before.emit(3);
    probe.setSource(after.stream);
    before.emit(4);
    await probe.shows({ data: [], status: "connecting" });
    const changedAt = probe.history.findIndex(({ data }) => (data as number[]).length === 0 && after.readers() > 0);
    after.emit(10);
    await probe.shows({ data: [10] });
    await expect.poll(() => before.readers()).toBe(0);
    const since = probe.history.slice(Math.max(changedAt, 0)).at(-1);
    expect(since?.data).toEqual([10]);
  });

  test("[disable] is idle without a source, and starts when it gets one", async () => {
    const source = scriptedSource();
    const probe = stage.mount(null, { initial: 0, lingerMs: 0 });
    await probe.shows({ data: 0, status: "idle" });
    await expect(probe.send("nobody")).rejects.toMatchObject({ code: "send-unsupported" });
    probe.setSource(source.stream);
    await probe.shows({ data: 0, status: "connecting" });
    source.emit(1);
    await probe.shows({ data: 1 });
    probe.setSource(false);
    await probe.shows({ data: 0, status: "idle" });
    await expect.poll(() => source.readers()).toBe(0);
    probe.setSource(undefined);
    probe.setSource(source.stream);
    source.emit(9);
    await probe.shows({ status: "connecting" });
    expect(source.dials()).toBe(2);
  });

  test("[hide] put away it lets go, brought back it reads on", async () => {
    const source = scriptedSource();
    const probe = stage.mount(source.stream, { ...folded, lingerMs: 20 });
    await probe.shows({ status: "connecting" });
    if (probe.setHidden === undefined) return expect(probe.read().status).toBe("connecting"); // nothing to put away with
    source.emit(1);
    await probe.shows({ data: [1] });
    probe.setHidden(true);
    await expect.poll(() => source.readers()).toBe(0);
    probe.setHidden(false);
    await expect.poll(() => source.readers()).toBe(1);
    await probe.shows({ data: [1], status: "connecting" }); // it shows what it showed until there is news
    source.emit(2);
    await probe.shows({ data: [2] });
    probe.setHidden(true);
    probe.setHidden(false);
    source.emit(3);
    await probe.shows({ data: [2, 3] });
    expect(source.dials()).toBe(2);
  });
}
