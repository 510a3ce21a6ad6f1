// Many clients of one kind in a process of their own. It says when all are open, and again after each `expect`.
import { monitorEventLoopDelay } from "node:perf_hooks";
import { type Contender, load } from "../clients/contenders.ts";

/** What the process is told: first to open so many, numbered from `from`; then to wait until each one has opened anew; to collect its garbage. */
export type Order =
  | { readonly contender: Contender; readonly port: number; readonly from: number; readonly count: number }
  | { readonly expect: true }
  | { readonly collect: true };

/** When each client opened, once all did. */
export interface AllOpen {
  readonly openedAt: readonly number[];
  /** The longest that this process was kept from its work: by the clients' own, or by others on the machine. */
  readonly lagMs: number;
}

const lag = monitorEventLoopDelay({ resolution: 10 });
lag.enable();

let openedAt = new Map<number, number>();
let expected = 0;

function opened(index: number): void {
  if (openedAt.has(index)) return;
  openedAt.set(index, Date.now());
  if (openedAt.size < expected) return;
  process.send?.({ openedAt: [...openedAt.values()], lagMs: lag.max / 1e6 } satisfies AllOpen);
}

process.on("message", async (order: Order) => {
  if ("expect" in order) {
    openedAt = new Map();
    lag.reset();
    return;
  }
  if ("collect" in order) {
    gc?.();
    process.send?.({});
    return;
  }
  const { contender, port, from, count } = order;
  expected = count;
  const { client, socket } = await load(contender);
  const scheme = contender.wire === "websocket" ? "ws" : "http";
  for (let index = from; index < from + count; index++) {
    const url = `${scheme}://127.0.0.1:${port}/?client=${index}`;
    client.open(url, { open: () => opened(index), message() {} }, socket);
  }
});
process.on("disconnect", () => process.exit());
