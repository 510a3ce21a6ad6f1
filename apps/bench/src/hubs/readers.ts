// A process full of readers that only count what arrives.
import type { Socket } from "node:net";
import { quantile } from "../statistics.ts";
import { MARK, now } from "./messages.ts";
import { read } from "./reader.ts";
import { type WireName, wires } from "./wires.ts";

/** What the process is told. Each order has one answer. */
export type ReadersOrder =
  | {
      readonly order: "open";
      readonly port: number;
      readonly wire: WireName;
      readonly count: number;
      readonly cursor?: string | undefined;
      readonly atOnce?: number;
    }
  /** Answered as soon as every reader has so many messages in all. */
  | { readonly order: "expect"; readonly messages: number }
  | { readonly order: "latency" }
  | { readonly order: "close" };

/** From publishing to a reader's hands, in milliseconds. */
export interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const AT_ONCE = 200;
/** How many readers look at the clock. */
const SAMPLED = 100;
const DIGITS = 16;

let sockets: Socket[] = [];
let seen: number[] = [];
let target = Number.POSITIVE_INFINITY;
let behind = 0;
let latencies: number[] = [];

function answer(message: object): void {
  process.send?.(message);
}

function note(reader: number, count: number): void {
  const before = seen[reader] ?? 0;
  const after = before + count;
  seen[reader] = after;
  if (before < target && after >= target) {
    behind -= 1;
    if (behind === 0) settle();
  }
}

/** Everybody has enough; nobody may have more. */
function settle(): void {
  const at = now();
  const most = Math.max(...seen);
  answer(most > target ? { at, wrong: `a reader has ${most} messages of ${target}` } : { at });
}

function expect(messages: number): void {
  target = messages;
  behind = seen.filter((count) => count < target).length;
  if (behind === 0) settle();
}

function sample(bytes: Buffer): void {
  const arrived = now();
  for (let at = bytes.indexOf(MARK); at >= 0; at = bytes.indexOf(MARK, at + 1)) {
    const from = at + MARK.length;
    if (from + DIGITS <= bytes.length)
      latencies.push((arrived - Number(bytes.toString("latin1", from, from + DIGITS))) / 1000);
  }
}

async function open({ port, wire, count, cursor, atOnce = AT_ONCE }: ReadersOrder & { order: "open" }): Promise<void> {
  const first = sockets.length;
  const stride = Math.max(1, Math.floor(count / SAMPLED));
  let next = 0;
  const dial = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const reader = first + next;
      next += 1;
      seen[reader] = 0;
      const socket = read(port, wires[wire], cursor, {
        ready: resolve,
        messages(some, bytes) {
          note(reader, some);
          if (reader % stride === 0) sample(bytes);
        },
        closed: () => reject(new Error("a reader was hung up")),
      });
      sockets.push(socket);
    });
  const keepDialling = async (): Promise<void> => {
    while (next < count) await dial();
  };
  await Promise.all(Array.from({ length: atOnce }, keepDialling));
  answer({ open: count });
}

async function close(): Promise<void> {
  const gone = sockets.map((socket) => new Promise<void>((resolve) => socket.once("close", () => resolve())));
  for (const socket of sockets) socket.resetAndDestroy();
  await Promise.all(gone);
  sockets = [];
  seen = [];
  target = Number.POSITIVE_INFINITY;
  answer({ closed: true });
}

process.on("message", (order: ReadersOrder) => {
  switch (order.order) {
    case "open":
      return void open(order);
    case "expect":
      return expect(order.messages);
    case "close":
      return void close();
    case "latency":
      answer({ p50Ms: quantile(latencies, 0.5), p99Ms: quantile(latencies, 0.99) } satisfies Latency);
      latencies = [];
  }
});
process.on("disconnect", () => process.exit());
