// A process of its own with one subject, which publishes when it is told and says what that cost.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getHeapSpaceStatistics } from "node:v8";
import { nextMessage } from "./messages.ts";
import type { Serve, Subject } from "./subject.ts";

/** What the process is told. Each order has one answer. */
export type Order =
  | { readonly order: "serve"; readonly file: string; readonly heartbeatMs: number }
  | { readonly order: "publish"; readonly count: number }
  | { readonly order: "pace"; readonly count: number; readonly everyMs: number }
  | { readonly order: "saturate"; readonly most: number; readonly forMs: number }
  | { readonly order: "retain" }
  | { readonly order: "pass"; readonly ms: number }
  | { readonly order: "usage"; readonly collect?: boolean; readonly fromHere?: boolean };

/** What the process has used so far. */
export interface Usage {
  readonly cpuUs: number;
  readonly rssBytes: number;
  /** The most since it was last asked with `fromHere`. */
  readonly peakBytes: number;
  readonly heapBytes: number;
  /** What objects of the heap hold outside of it: buffers, above all. */
  readonly externalBytes: number;
  /** What the nursery of the heap takes, empty or not. */
  readonly nurseryBytes: number;
  /** Open file descriptors. */
  readonly handles: number;
  /** Timers that would keep the process alive. */
  readonly timers: number;
  readonly stats: Readonly<Record<string, number>>;
}

/** More than all readers at once. */
const BACKLOG = 4096;
const server = createServer({ keepAliveTimeout: 1000 });
let subject: Subject;

async function serve(file: string, heartbeatMs: number): Promise<{ port: number }> {
  const module = (await import(`./${file}.ts`)) as { readonly serve: Serve };
  subject = module.serve(server, heartbeatMs);
  await new Promise<void>((resolve) => server.listen({ port: 0, host: "127.0.0.1", backlog: BACKLOG }, resolve));
  return { port: (server.address() as AddressInfo).port };
}

function publish(count: number): { published: number } {
  for (let each = 0; each < count; each += 1) subject.publish(nextMessage());
  return { published: count };
}

/** One message at every tick of a clock that waits for nobody. */
function pace(count: number, everyMs: number): Promise<{ published: number }> {
  return new Promise((resolve) => {
    const begin = performance.now();
    let published = 0;
    const next = () => {
      publish(1);
      published += 1;
      if (published === count) return resolve({ published });
      setTimeout(next, Math.max(0, begin + published * everyMs - performance.now()));
    };
    next();
  });
}

/** One message in every turn of the event loop. */
function saturate(most: number, forMs: number): Promise<{ published: number }> {
  return new Promise((resolve) => {
    const end = performance.now() + forMs;
    let published = 0;
    const next = () => {
      publish(1);
      published += 1;
      if (published === most || performance.now() >= end) resolve({ published });
      else setImmediate(next);
    };
    next();
  });
}

async function usage({ collect = false, fromHere = false }): Promise<Usage> {
  const { user, system } = process.cpuUsage();
  for (let pass = 0; collect && pass < 4; pass += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  if (fromHere) writeFileSync("/proc/self/clear_refs", "5"); // the system's own high-water mark begins anew
  const { rss, heapUsed, external } = process.memoryUsage();
  const nursery = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
  const peakKib = /VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  return {
    cpuUs: user + system,
    rssBytes: rss,
    peakBytes: Number(peakKib) * 1024,
    heapBytes: heapUsed,
    externalBytes: external,
    nurseryBytes: nursery?.physical_space_size ?? 0,
    handles: readdirSync("/proc/self/fd").length,
    timers: process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length,
    stats: subject.stats?.() ?? {},
  };
}

async function obey(order: Order): Promise<object> {
  switch (order.order) {
    case "serve":
      return serve(order.file, order.heartbeatMs);
    case "publish":
      return publish(order.count);
    case "pace":
      return pace(order.count, order.everyMs);
    case "saturate":
      return saturate(order.most, order.forMs);
    case "retain":
      return { cursor: await subject.retain() };
    case "pass":
      subject.pass?.(order.ms);
      return {};
    case "usage":
      return usage(order);
  }
}

process.on("message", (order: Order) => void obey(order).then((answer) => process.send?.(answer)));
process.on("disconnect", () => process.exit());
