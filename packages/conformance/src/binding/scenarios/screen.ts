import { TidewireError } from "@tidewire/core";
import { expect, test } from "vitest";
import { type Stage, settled } from "../mounted.ts";
import { scriptedSource } from "../scripted-source.ts";

const sum = (state: number, data: number): number => state + data;
const list = (state: readonly number[], data: number): readonly number[] => [...state, data];

/** What stands on the page, and when. */
export function screenScenarios(stage: Stage): void {
  test("[first-paint] shows the initial value before any message", async () => {
    const source = scriptedSource();
    const probe = stage.mount(source.stream, { initial: 7 });
    await probe.shows({ data: 7, status: "connecting" });
    expect(probe.history[0]?.data).toBe(7);
  });

  test("[update] shows each newest message and the status", async () => {
    const source = scriptedSource();
    const probe = stage.mount(source.stream);
    await probe.shows({ data: undefined, status: "connecting" });
    source.open();
    source.emit(1);
    await probe.shows({ data: 1, status: "open" });
    source.emit(2);
    await probe.shows({ data: 2, status: "open" });
  });

  test("[sync-first-value] shows a value that comes while subscribing", async () => {
    const source = scriptedSource<number>(41, 42);
    const probe = stage.mount(source.stream, { initial: [], reduce: list });
    await probe.shows({ data: [41, 42] });
    await settled();
    expect(probe.history.at(-1)?.data).toEqual([41, 42]);
  });

  test("[fold] folds every message once and in order", async () => {
    const source = scriptedSource();
    const probe = stage.mount(source.stream, { initial: [], reduce: list });
    await probe.shows({ status: "connecting" });
    source.emit(1, 2, 3);
    await probe.shows({ data: [1, 2, 3] });
    source.emit(4);
    await probe.shows({ data: [1, 2, 3, 4] });
  });

  test("[conflate] keeps the newest message of each key", async () => {
    const source = scriptedSource();
    const probe = stage.mount(source.stream, { conflate: (data: number) => data % 10 });
    await probe.shows({ data: [], status: "connecting" });
    source.emit(11, 12, 21, 31);
    await probe.shows({
      data: [
        [1, 31],
        [2, 12],
      ],
    });
  });

  test("[select] shows what is selected, and renders nothing when that is the same", async () => {
    const source = scriptedSource();
    const probe = stage.mount(source.stream, { initial: 0, reduce: sum, select: (state: number) => state >= 10 });
    await probe.shows({ data: false, status: "connecting" });
    source.open();
    await probe.shows({ status: "open" });
    const before = probe.history.length;
    source.emit(1, 2);
    await settled();
    source.emit(3);
    await settled();
    expect(probe.history.length).toBe(before);
    source.emit(5);
    await probe.shows({ data: true });
  });

  test("[equals] keeps what it shows when the new value is equal", async () => {
    const source = scriptedSource();
    const equals = (before: unknown, after: unknown) => JSON.stringify(before) === JSON.stringify(after);
    const probe = stage.mount(source.stream, { select: (state: number) => [Math.floor((state ?? 0) / 10)], equals });
    await probe.shows({ data: [0], status: "connecting" });
    source.open();
    await probe.shows({ status: "open" });
    const before = probe.history.length;
    source.emit(3);
    await settled();
    expect(probe.history.length).toBe(before);
    source.emit(13);
    await probe.shows({ data: [1] });
  });

  test("[error-recovery] shows an error while it lasts, and keeps the data", async () => {
    const source = scriptedSource();
    const probe = stage.mount(source.stream);
    await probe.shows({ status: "connecting" });
    source.open();
    source.emit(1);
    await probe.shows({ data: 1, status: "open", error: undefined });
    const error = new TidewireError("network", "The line was reset.");
    source.become({ status: "waiting", attempt: 1, retryAt: Date.now() + 1000, error });
    await probe.shows({ data: 1, status: "waiting", error: "network" });
    source.open();
    source.emit(2);
    await probe.shows({ data: 2, status: "open", error: undefined });
  });

  test("[final-error] shows failed, and begins anew on reconnect", async () => {
    const source = scriptedSource();
    const probe = stage.mount(source.stream);
    await probe.shows({ status: "connecting" });
    source.emit(1);
    source.fail(new TidewireError("unauthenticated", "No.", { isFinal: true }));
    await probe.shows({ data: 1, status: "failed", error: "unauthenticated" });
    probe.reconnect();
    await probe.shows({ status: "connecting", error: undefined });
    source.emit(2);
    await probe.shows({ data: 2 });
  });

  test("[end] shows closed when the source is over", async () => {
    const source = scriptedSource();
    const probe = stage.mount(source.stream);
    await probe.shows({ status: "connecting" });
    source.emit(1);
    source.end();
    await probe.shows({ data: 1, status: "closed", error: undefined });
  });

  test("[actions] sends up and reconnects", async () => {
    const source = scriptedSource();
    const probe = stage.mount(source.stream);
    await probe.shows({ status: "connecting" });
    await probe.send("hello");
    probe.reconnect();
    expect(source.sent).toEqual(["hello"]);
    expect(source.reconnects()).toBe(1);
  });
}
