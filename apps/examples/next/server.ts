import http from "node:http";
import { toNodeHandler } from "@tidewire/server/node";
import next from "next";
import { guestbook } from "./guestbook.ts";

const app = next({ dev: process.env.NODE_ENV !== "production" });
await app.prepare();
const pages = app.getRequestHandler();
const upgrade = app.getUpgradeHandler(); // hot reload, in development
const realtime = toNodeHandler(guestbook.hub, { path: "/realtime" });

const server = http.createServer((request, response) => {
  if (!realtime(request, response)) void pages(request, response);
});
server.on("upgrade", (request, socket, head) => {
  if (!realtime.handleUpgrade(request, socket, head)) void upgrade(request, socket, head);
});
server.listen(Number(process.env.PORT ?? 3000));

process.once("SIGTERM", async () => {
  setTimeout(() => process.exit(), 5000).unref(); // browsers open connections ahead of need, which are waited for, too
  await guestbook.hub.close(); // the streams first: the server waits for them
  server.close();
  await app.close();
});
