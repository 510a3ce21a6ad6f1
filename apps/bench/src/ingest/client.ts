// One contender in a process of its own: reads a warm-up, then measures itself over the messages that follow.
import { PerformanceObserver } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";
import { type Contender, load } from "../clients/contenders.ts";
import { median } from "../statistics.ts";

export interface Task {
  readonly contender: Contender;
  readonly url: string;
  readonly warmUp: number;
  readonly count: number;
}

/** What one process measured of itself. */
export interface Measured {
  /** As all slices would cost if each cost what the median one does. */
  readonly cpuUs: number;
  readonly wallMs: number;
  /** Growth of the JavaScript heap and of the memory outside of it, in bytes; allocation only while `collections` is 0. */
  readonly heapBytes: number;
  readonly externalBytes: number;
  readonly collections: number;
}

/**
 * The messages are measured in so many slices. The compiler comes back for a larger function at any time; that belongs to
 * the slice that it falls into, and not to each message.
 */
const SLICES = 12;

let collections = 0;
new PerformanceObserver((list) => {
  collections += list.getEntries().length;
}).observe({ entryTypes: ["gc"] });

function snapshot() {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return { cpu: process.cpuUsage(), at: performance.now(), heap: used_heap_size, external: external_memory };
}

async function run({ contender, url, warmUp, count }: Task): Promise<void> {
  const { client, socket } = await load(contender);
  let seen = 0;
  let before = snapshot();
  let collectionsBefore = 0;
  const slice = Math.floor(count / SLICES);
  const sliceCpu: number[] = [];
  let sliceEnd = warmUp + slice;
  let sliceFrom = before.cpu;
  const told = {
    open() {},
    message(value: unknown) {
      if (typeof value !== "object") throw new Error("a message was not parsed");
      seen += 1;
      if (seen === warmUp) {
        collectionsBefore = collections;
        before = snapshot();
        sliceFrom = before.cpu;
      } else if (seen === sliceEnd) {
        const { user, system } = process.cpuUsage(sliceFrom);
        sliceCpu.push(user + system);
        sliceFrom = process.cpuUsage();
        sliceEnd += slice;
        if (sliceCpu.length === SLICES) finish();
      }
    },
  };
  function finish(): void {
    const after = snapshot();
    // The observer is told a turn later.
    setImmediate(() => {
      const measured: Measured = {
        cpuUs: (median(sliceCpu) * count) / slice,
        wallMs: after.at - before.at,
        heapBytes: after.heap - before.heap,
        externalBytes: after.external - before.external,
        collections: collections - collectionsBefore,
      };
      process.send?.(measured, () => process.exit());
    });
  }
  client.open(url, told, socket);
}

process.once("message", (task: Task) => void run(task));
