import type { Client } from "@tidewire/core";
import type { FaultProxy } from "../faults/fault-proxy.ts";

/** A generator of numbers from 0 up to 1 that gives the same ones for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What one client was told of each of its topics. */
export class Ledger {
  readonly #seen = new Map<string, number[]>();
  gaps = 0;

  read(client: Client, names: readonly string[]): void {
    for (const name of names) {
      const seen: number[] = [];
      this.#seen.set(name, seen);
      const topic = client.topic<number>(name, { from: "earliest" });
      topic.gaps$.subscribe(() => {
        this.gaps += 1;
      });
      topic.subscribe((n) => seen.push(n));
    }
  }

  /** True when every topic was read to its end. */
  isComplete(published: ReadonlyMap<string, number>): boolean {
    return [...this.#seen].every(([name, seen]) => (seen.at(-1) ?? 0) >= (published.get(name) ?? 0));
  }

  /** The books: every message of each topic, numbered from 1, exactly once and in order. */
  audit(published: ReadonlyMap<string, number>): { lost: number; doubled: number; reordered: number } {
    const sum = { lost: 0, doubled: 0, reordered: 0 };
    for (const [name, seen] of this.#seen) {
      const distinct = new Set(seen);
      sum.lost += (published.get(name) ?? 0) - distinct.size;
      sum.doubled += seen.length - distinct.size;
      sum.reordered += seen.filter((n, index) => index > 0 && n < (seen[index - 1] as number)).length;
    }
    return sum;
  }
}

/** One fault, and how it is taken back; `again` runs when it is over. */
type Fault = (proxy: FaultProxy, again: () => Promise<void>) => Promise<void>;

/** Everything that a network does to a line. */
export const FAULTS: { readonly [name: string]: Fault } = {
  async cut(proxy) {
    proxy.end();
  },
  async reset(proxy) {
    proxy.reset();
  },
  async "half-close"(proxy) {
    proxy.halfClose();
  },
  async "black hole"(proxy, again) {
    proxy.stall();
    await again();
    proxy.reset(); // what was swallowed never comes: the line was dead
    proxy.flow();
  },
  async delay(proxy, again) {
    proxy.down.latencyMs = 40;
    await again();
    proxy.down.latencyMs = 0;
  },
  async throttle(proxy, again) {
    proxy.down.bytesPerSecond = 20_000;
    await again();
    proxy.down.bytesPerSecond = 0;
  },
  async refuse(proxy, again) {
    await proxy.refuse();
    proxy.reset();
    await again();
    await proxy.accept();
  },
  async flap(proxy, again) {
    for (let turn = 0; turn < 3; turn += 1) {
      proxy.reset();
      await again();
    }
  },
};
