// One contender in a process of its own: reads a warm-up, then measures itself over the messages that follow.
import { PerformanceObserver } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";
import { type Contender, load } from "../clients/contenders.ts";
import { median } from "../statistics.ts";

/**
 * The messages are measured in slices. The compiler comes back for a larger function at any time; that belongs to the
 * slice that it falls into, and not to each message.
 */
export interface Task {
  readonly contender: Contender;
  readonly url: string;
  /** Messages of one slice. */
  readonly slice: number;
  /** Slices before the measured ones. */
  readonly warmUp: number;
  /** Slices that are measured. */
  readonly measured: number;
}

/** What one process measured of itself, per message. */
export interface Measured {
  /** Of the median slice, in microseconds. */
  readonly cpuUs: number;
  readonly wallUs: number;
  /** Growth of the JavaScript heap and of the memory outside of it, in bytes; allocation only while `collections` is 0. */
  readonly heapBytes: number;
  readonly externalBytes: number;
  readonly collections: number;
}

let collections = 0;
new PerformanceObserver((list) => {
  collections += list.getEntries().length;
}).observe({ entryTypes: ["gc"] });

function snapshot() {
  const { user, system } = process.cpuUsage();
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics();
  return { cpu: user + system, at: performance.now(), heap, external, collections };
}

async function run({ contender, url, slice, warmUp, measured }: Task): Promise<void> {
  const { client, socket } = await load(contender);
  /** From the first message on: code that ran for the first time after the warm-up would undo what was compiled. */
  const snapshots = [snapshot()];
  let left = slice;
  const told = {
    open() {},
    message(value: unknown) {
      if (typeof value !== "object") throw new Error("a message was not parsed");
      left -= 1;
      if (left > 0) return;
      left = slice;
      snapshots.push(snapshot());
      // The observer is told of collections a turn later.
      if (snapshots.length === 1 + warmUp + measured) setImmediate(finish);
    },
  };
  function finish(): void {
    const taken = snapshots.slice(warmUp, warmUp + measured + 1);
    const growth = (of: "cpu" | "at" | "heap" | "external") =>
      taken.slice(1).map((after, index) => (after[of] - (taken[index]?.[of] ?? Number.NaN)) / slice);
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const answer: Measured = {
      cpuUs: median(growth("cpu")),
      wallUs: mean(growth("at")) * 1000,
      heapBytes: mean(growth("heap")),
      externalBytes: mean(growth("external")),
      collections: collections - (taken[0]?.collections ?? Number.NaN),
    };
    process.send?.(answer, () => process.exit());
  }
  client.open(url, told, socket);
}

process.once("message", (task: Task) => void run(task));
