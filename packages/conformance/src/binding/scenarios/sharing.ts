import { expect, test } from "vitest";
import { type Stage, settled } from "../mounted.ts";
import { scriptedSource } from "../scripted-source.ts";

const list = (state: readonly number[], data: number): readonly number[] => [...state, data];

/** Several readers of one source. */
export function sharingScenarios(stage: Stage): void {
  test("[two-readers] share one reading of the source", async () => {
    const source = scriptedSource();
    const one = stage.mount(source.stream);
    const other = stage.mount(source.stream, { initial: [], reduce: list });
    await one.shows({ status: "connecting" });
    await other.shows({ status: "connecting" });
    source.emit(1, 2);
    await one.shows({ data: 2 });
    await other.shows({ data: [1, 2] });
    expect(source.dials()).toBe(1);
    expect(source.readers()).toBe(1);
  });

  test("[late-reader] sees status and state with its first paint", async () => {
    const source = scriptedSource();
    const early = stage.mount(source.stream, { initial: [], reduce: list });
    await early.shows({ status: "connecting" });
    source.open();
    source.emit(1, 2);
    await early.shows({ data: [1, 2], status: "open" });
    const late = stage.mount(source.stream, { initial: [], reduce: list });
    await late.shows({ data: [1, 2], status: "open" });
    expect(late.history[0]).toMatchObject({ data: [1, 2], status: "open" });
    expect(source.dials()).toBe(1);
  });

  test("[gap] misses nothing between being created and being attached", async () => {
    const source = scriptedSource();
    const early = stage.mount(source.stream);
    await early.shows({ status: "connecting" });
    let renders = 0;
    const late = stage.mount(source.stream, {}, () => {
      renders += 1;
      if (renders > 1) return;
      source.open();
      source.emit(5);
    });
    await late.shows({ data: 5, status: "open" });
    await early.shows({ data: 5, status: "open" });
  });

  test("[one-leaves] the other reads on", async () => {
    const source = scriptedSource();
    const one = stage.mount(source.stream, { lingerMs: 0 });
    const other = stage.mount(source.stream, { lingerMs: 0 });
    await one.shows({ status: "connecting" });
    await other.shows({ status: "connecting" });
    one.unmount();
    await settled();
    source.emit(3);
    await other.shows({ data: 3 });
    expect(source.readers()).toBe(1);
  });

  test("[one-iterable] two readers of one async iterable each see every value", async () => {
    const source = scriptedSource();
    async function* values() {
      const queue: ((value: number) => void)[] = [];
      const subscription = source.stream.subscribe((value) => queue.shift()?.(value));
      try {
        for (;;) yield await new Promise<number>((resolve) => queue.push(resolve));
      } finally {
        subscription.unsubscribe();
      }
    }
    const iterable = values();
    const one = stage.mount(iterable, { initial: [], reduce: list });
    const other = stage.mount(iterable);
    await one.shows({ status: "connecting" });
    await other.shows({ status: "connecting" });
    await expect.poll(() => source.readers()).toBe(1);
    source.emit(1);
    await one.shows({ data: [1], status: "open" });
    await other.shows({ data: 1, status: "open" });
    source.emit(2);
    await one.shows({ data: [1, 2] });
    await other.shows({ data: 2 });
  });
}
