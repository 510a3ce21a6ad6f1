// A process of its own with a hub that pages read, and with the pages themselves.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createHub } from "@tidewire/server";
import { toNodeHandler } from "@tidewire/server/node";
import { createFiles } from "../browser/files.ts";
import { type Pace, pace } from "../browser/pace.ts";
import type { Answer } from "../render/server.ts";

/** Longer than any page falls behind: what is measured is how late it shows a message, not what the hub forgets. */
const hub = createHub({ retainMessages: 200_000, retainBytes: 64 * 2 ** 20 });
const files = createFiles();
const handler = toNodeHandler(hub, { path: "/realtime" });
const server = createServer((request, response) => {
  if (!files(request, response) && !handler(request, response)) response.writeHead(404).end();
});
server.on("upgrade", (request, socket, head) => {
  if (!handler.handleUpgrade(request, socket, head)) socket.destroy();
});

let next = 0;
process.on("message", async (order: Pace) => {
  const sent = await pace(order, next, (ticks) => {
    for (const tick of ticks) void hub.publish("ticks", tick);
  });
  next = (sent.at(-1)?.[0] ?? next - 1) + 1;
  process.send?.({ sent } satisfies Answer);
});
process.on("disconnect", () => process.exit());
server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port } satisfies Answer));
