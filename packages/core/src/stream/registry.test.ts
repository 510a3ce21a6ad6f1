import { expect, test, vi } from "vitest";
import type { Transport } from "../transport/transport.ts";
import { createRealtime } from "./create-realtime.ts";
import type { Reader } from "./readers.ts";
import { realtime } from "./realtime.ts";
import { liveFor } from "./registry.ts";

let made = 0;
function transportOf(settings: object = {}): Transport {
  const line = { bufferedAmount: 0, send: () => {}, close: () => {} };
  made += 1;
  return { name: "test", key: `test ${made}`, settings, canRedial: true, silenceMs: undefined, open: () => line };
}
const reader: Reader<unknown> = { type: undefined, wantsWhole: false, to: { next() {}, error() {}, complete() {} } };

test("one key is one endpoint, however often it is asked for", () => {
  const transport = transportOf();
  expect(liveFor(transport, "same", { lingerMs: 0 })).toBe(liveFor(transportOf(), "same", { lingerMs: 0 }));
});

test("without a key nothing is shared", () => {
  const transport = transportOf();
  expect(liveFor(transport, undefined, {})).not.toBe(liveFor(transport, undefined, {}));
});

test("functions that are made anew by each caller are no conflict", () => {
  const ask = (): unknown => liveFor(transportOf({ headers: () => ({}) }), "functions", { auth: () => "token" });
  expect(ask()).toBe(ask());
});

test("other options on a key that is being read are an error that names the way out", () => {
  const leave = liveFor(transportOf(), "conflict", { lingerMs: 0 }).read(reader);
  const other = (): unknown => liveFor(transportOf({ method: "PUT" }), "conflict", { lingerMs: 0 });
  expect(other).toThrow(/its own `key`/);
  leave();
  expect(other).not.toThrow();
});

test("realtime() shares the connection of a transport's key, createRealtime() makes one at each call", () => {
  for (const [make, dials] of [
    [realtime, 1],
    [createRealtime, 2],
  ] as const) {
    const transport = transportOf();
    const open = vi.spyOn(transport, "open");
    const streams = [make(transport, { lingerMs: 0 }), make(transport, { lingerMs: 0 })];
    const readers = streams.map((stream) => stream.subscribe());
    expect(open).toHaveBeenCalledTimes(dials);
    for (const each of readers) each.unsubscribe();
  }
});
