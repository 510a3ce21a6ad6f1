// A hub in a process of its own, so that its memory can be told from that of its readers.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { createHub } from "@tidewire/server";
import { toNodeHandler } from "@tidewire/server/node";

const MESSAGE_CHARS = 100_000;
const hub = createHub({ retainMessages: 200, retainBytes: 25_000_000, heartbeatMs: 600_000 });
const handler = toNodeHandler(hub);
const server = createServer(handler).on("upgrade", handler.handleUpgrade);

/** What is held, after everything that is not held was let go. */
function heldBytes(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

process.on("message", async ({ publish }: { publish: number }) => {
  for (let n = 1; n <= publish; n += 1) {
    await hub.publish("a", { n, text: "x".repeat(MESSAGE_CHARS) });
    await pause(2); // some 50 MB a second: fast, but not faster than anybody could read
  }
  process.send?.({ held: heldBytes(), lines: hub.core.lines.size });
});
process.on("disconnect", () => process.exit());
server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));
