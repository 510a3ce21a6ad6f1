// A hub with its defaults in a process of its own, whose whole memory is looked at as the system counts it.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createHub } from "@tidewire/server";
import { toNodeHandler } from "@tidewire/server/node";

const hub = createHub();
const handler = toNodeHandler(hub);
const server = createServer(handler).on("upgrade", handler.handleUpgrade);

process.on("message", async ({ mib, chars }: { mib: number; chars: number }) => {
  for (let n = 0; n < (mib * 2 ** 20) / chars; n += 1) {
    await hub.publish("a", { n, text: "x".repeat(chars) }); // each its own, as applications have them
    if (n % Math.ceil(16_384 / chars) === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  process.send?.({ residentMib: process.memoryUsage.rss() / 2 ** 20, lines: hub.core.lines.size });
});
process.on("disconnect", () => process.exit());
server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));
