import { expect, test } from "vitest";
import { type Stage, settled } from "../mounted.ts";
import { scriptedSource } from "../scripted-source.ts";

const list = (state: readonly number[], data: number): readonly number[] => [...state, data];
const hundred = Array.from({ length: 100 }, (_, index) => index);

/** Functions that the user gives. */
export function callbackScenarios(stage: Stage, reported: unknown[]): void {
  test("[on-message] is called once for each message, in order", async () => {
    const source = scriptedSource();
    const seen: number[] = [];
    const probe = stage.mount(source.stream, { onMessage: (data) => seen.push(data) });
    await probe.shows({ status: "connecting" });
    source.emit(...hundred);
    expect(seen).toEqual(hundred);
    await probe.shows({ data: 99 });
    expect(seen).toEqual(hundred);
  });

  test("[silence] nobody is told anything after unmounting", async () => {
    const source = scriptedSource();
    const seen: number[] = [];
    const probe = stage.mount(source.stream, { onMessage: (data) => seen.push(data) });
    await probe.shows({ status: "connecting" });
    source.emit(1);
    await probe.shows({ data: 1 });
    const before = probe.history.length;
    source.emit(2);
    probe.unmount();
    await settled();
    source.emit(3);
    await settled();
    expect(seen).toEqual([1, 2]);
    expect(probe.history.length).toBe(before);
  });

  test("[latest-callbacks] callbacks written in place are the newest render's, and cost no reconnect", async () => {
    const source = scriptedSource();
    const seen: string[] = [];
    const options = (word: string) => ({
      initial: 0,
      reduce: (state: number, data: number) => state + data,
      select: (state: number) => `${word} ${state}`,
      onMessage: (data: number) => seen.push(`${word} ${data}`),
    });
    const probe = stage.mount(source.stream, options("a"));
    await probe.shows({ data: "a 0", status: "connecting" });
    source.emit(1);
    await probe.shows({ data: "a 1" });
    if (probe.setOptions === undefined) return expect(seen).toEqual(["a 1"]); // setup runs once: there is no newer render
    probe.setOptions(options("b"));
    await probe.shows({ data: "b 1" });
    source.emit(2);
    await probe.shows({ data: "b 3" });
    expect(seen).toEqual(["a 1", "b 2"]);
    expect(source.dials()).toBe(1);
  });

  test("[fresh-select] a selection that makes a new object each time renders once per commit", async () => {
    const source = scriptedSource();
    const probe = stage.mount(source.stream, { select: (state: number | undefined) => ({ state }) });
    await probe.shows({ status: "connecting" });
    await settled();
    const before = probe.history.length;
    source.emit(1);
    await probe.shows({ data: { state: 1 } });
    probe.setOptions?.({ select: (state: number | undefined) => ({ state }) });
    await settled();
    expect(probe.history.length - before).toBeLessThanOrEqual(2);
  });

  test("[reduce-throws] a fold that throws on one message is reported and goes on", async () => {
    const source = scriptedSource();
    const reduce = (state: readonly number[], data: number) => {
      if (data === 2) throw new Error("two");
      return list(state, data);
    };
    const probe = stage.mount(source.stream, { initial: [], reduce });
    await probe.shows({ status: "connecting" });
    source.emit(1, 2, 3);
    await probe.shows({ data: [1, 3] });
    expect(reported.map(String)).toEqual(["Error: two"]);
  });

  test("[on-message-throws] a callback that throws is reported, and the message is folded all the same", async () => {
    const source = scriptedSource();
    const onMessage = (data: number) => {
      if (data === 1) throw new Error("one");
    };
    const probe = stage.mount(source.stream, { initial: [], reduce: list, onMessage });
    await probe.shows({ status: "connecting" });
    source.emit(1, 2);
    await probe.shows({ data: [1, 2] });
    expect(reported.map(String)).toEqual(["Error: one"]);
  });

  test("[select-throws] a selection that throws is reported, and the screen goes on showing what it showed", async () => {
    const source = scriptedSource();
    const select = (state: number | undefined) => {
      if (state === 2) throw new Error("two");
      return state;
    };
    const probe = stage.mount(source.stream, { select });
    await probe.shows({ status: "connecting" });
    source.emit(1);
    await probe.shows({ data: 1 });
    source.emit(2);
    await settled();
    expect(probe.read().data).toBe(1);
    expect(reported.map(String)).toContain("Error: two");
    source.emit(3);
    await probe.shows({ data: 3 });
  });
}
