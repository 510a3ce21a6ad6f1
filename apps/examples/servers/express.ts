import { createHub } from "@tidewire/server";
import { toNodeHandler } from "@tidewire/server/node";
import express from "express";

const hub = createHub();
hub.topic("news", { clientPublish: true });
const realtime = toNodeHandler(hub, { path: "/realtime" });

const app = express();
app.use(realtime); // before what reads bodies, compresses, or buffers
app.use(express.json());
app.post("/news", async (request, response) => {
  response.json(await hub.publish("news", request.body));
});
app.get("/health", (_request, response) => {
  response.json(hub.stats());
});

const server = app.listen(Number(process.env["PORT"] ?? 3000));
server.on("upgrade", (request, socket, head) => {
  if (!realtime.handleUpgrade(request, socket, head)) socket.destroy();
});

process.once("SIGTERM", async () => {
  setTimeout(() => process.exit(), 5000).unref(); // browsers open connections ahead of need, which are waited for, too
  await hub.close(); // the streams first: the server waits for them
  server.close();
});
