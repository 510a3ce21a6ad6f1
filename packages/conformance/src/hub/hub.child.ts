// A hub in a process of its own, as one would be deployed: its engine is elsewhere, and SIGTERM drains it.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createHub, type HubEvent, type HubOptions, type HubStats } from "@tidewire/server";
import { toNodeHandler } from "@tidewire/server/node";
import { type EngineAt, openEngine } from "./open-engine.ts";

/** How the process is started: as its one argument, in JSON. */
export interface HubOrder extends Pick<HubOptions, "node" | "heartbeatMs" | "retainMessages"> {
  readonly engine: EngineAt;
  /** The topic that takes what clients publish. */
  readonly up: string;
  /** Default: any. */
  readonly port?: number;
  readonly deadlineMs?: number;
}

/** What it tells: where it listens, everything that happens, and what it holds when it is asked. */
export type HubWord =
  | { readonly port: number }
  | { readonly event: HubEvent; readonly at: number }
  | { readonly stats: HubStats };

const { engine, up, port = 0, deadlineMs, ...options } = JSON.parse(process.argv[2] ?? "") as HubOrder;
const say = (word: HubWord): void => void process.send?.(word);

const hub = createHub({
  ...options,
  engine: await openEngine(engine),
  onEvent: (event) => say({ event, at: Date.now() }),
});
hub.topic(up, { clientPublish: true });
const handler = toNodeHandler(hub, { path: "/realtime" });
const server = createServer(handler).on("upgrade", handler.handleUpgrade);
server.listen({ port, host: "127.0.0.1", backlog: 4096 }, () => say({ port: (server.address() as AddressInfo).port }));

/** Nothing else runs meanwhile: no timer, no socket. */
function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

process.on("message", ({ blockMs }: { blockMs: number }) => {
  block(blockMs);
  say({ stats: hub.stats() });
});
const orphaned = () => process.exit();
process.once("disconnect", orphaned);
process.once("SIGTERM", async () => {
  await hub.drain({ deadlineMs });
  // Ends by itself then: whatever kept it alive would be a leak.
  server.close(() => process.removeListener("disconnect", orphaned).disconnect());
});
