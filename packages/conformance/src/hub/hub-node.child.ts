// A hub in a process of its own, as one would be deployed: its engine is elsewhere, and SIGTERM drains it.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createHub, type HubEvent } from "@tidewire/server";
import { toNodeHandler } from "@tidewire/server/node";
import { sharedEngine } from "./shared-engine.ts";

/** How the process is started: as its one argument, in JSON. */
export interface NodeOrder {
  readonly node: string;
  /** 0 for any. */
  readonly port: number;
  readonly deadlineMs: number;
}

/** What it tells: first where it listens, then everything that happens. */
export type NodeWord = { readonly port: number } | { readonly event: HubEvent; readonly at: number };

const { node, port, deadlineMs } = JSON.parse(process.argv[2] ?? "") as NodeOrder;
const say = (word: NodeWord): void => void process.send?.(word);

const hub = createHub({ engine: sharedEngine(), node, onEvent: (event) => say({ event, at: Date.now() }) });
hub.topic("up", { clientPublish: true, retainMessages: 10_000 });
const handler = toNodeHandler(hub, { path: "/realtime" });
const server = createServer(handler).on("upgrade", handler.handleUpgrade);
server.listen({ port, host: "127.0.0.1", backlog: 4096 }, () => say({ port: (server.address() as AddressInfo).port }));

const orphaned = () => process.exit();
process.once("disconnect", orphaned);
process.once("SIGTERM", async () => {
  await hub.drain({ deadlineMs });
  // Ends by itself then: whatever kept it alive would be a leak.
  server.close(() => process.removeListener("disconnect", orphaned).disconnect());
});
