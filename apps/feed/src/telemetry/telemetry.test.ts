import type { HubTopic } from "@tidewire/server";
import { TELEMETRY_EVERY_MS, type Telemetry } from "board/telemetry";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { publishTelemetry } from "./telemetry.ts";

const reading = { at: 1, cpu: 2 } as Telemetry;
let published: Telemetry[];
const topic = {
  publish(data: Telemetry) {
    published.push(data);
    return Promise.resolve({ e: 1, o: published.length, duplicate: false });
  },
} as unknown as HubTopic<Telemetry>;

beforeEach(() => {
  published = [];
  vi.useFakeTimers({ toFake: ["performance"] });
});
afterEach(() => void vi.useRealTimers());

test("goes on after a reading that failed, says why once, and stops with its signal", async () => {
  const said: string[] = [];
  const stop = new AbortController();
  let readings = 0;
  const machine = {
    async read() {
      readings += 1;
      vi.advanceTimersByTime(TELEMETRY_EVERY_MS); // as if each reading took as long as there is
      if (readings <= 2) throw new Error("no such file");
      if (readings === 4) stop.abort();
      return reading;
    },
  };
  await publishTelemetry(machine, topic, stop.signal, (line) => said.push(line));
  expect(said).toEqual(["The machine could not be read: no such file"]);
  expect(published).toEqual([reading, reading]);
});
