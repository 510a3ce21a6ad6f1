// A hub in a process of its own, on an engine that lives in another one: `node hub.child.ts <port of the engine> <options>`.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createHub } from "@tidewire/server";
import { toNodeHandler } from "@tidewire/server/node";
import { connectEngine } from "./connect-engine.ts";

const [port, options] = process.argv.slice(2);
const hub = createHub({ ...JSON.parse(options ?? "{}"), engine: await connectEngine(Number(port)) });
hub.topic("a", { clientPublish: true });
const handler = toNodeHandler(hub);
const server = createServer(handler).on("upgrade", handler.handleUpgrade);

/** Nothing else runs meanwhile: no timer, no socket. */
function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

process.on("message", ({ blockMs }: { blockMs: number }) => {
  block(blockMs);
  process.send?.(hub.stats());
});
process.on("disconnect", () => process.exit());
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
