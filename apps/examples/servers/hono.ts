import { serve } from "@hono/node-server";
import { createHub } from "@tidewire/server";
import { toFetchHandler } from "@tidewire/server/fetch";
import { toNodeHandler } from "@tidewire/server/node";
import { Hono } from "hono";

const hub = createHub();
hub.topic("news", { clientPublish: true });
const realtime = toFetchHandler(hub, { path: "/realtime" });
const sockets = toNodeHandler(hub, { path: "/realtime" });

const app = new Hono();
app.all("/realtime/*", ({ req }) => realtime(req.raw));
app.post("/news", async (context) => context.json(await hub.publish("news", await context.req.json())));
app.get("/health", (context) => context.json(hub.stats()));

const server = serve({ fetch: app.fetch, port: Number(process.env["PORT"] ?? 3000) });
server.on("upgrade", (request, socket, head) => {
  if (!sockets.handleUpgrade(request, socket, head)) socket.destroy();
});

process.once("SIGTERM", async () => {
  setTimeout(() => process.exit(), 5000).unref(); // browsers open connections ahead of need, which are waited for, too
  await hub.close(); // the streams first: the server waits for them
  server.close();
});
