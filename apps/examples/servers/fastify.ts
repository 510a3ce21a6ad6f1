import { createHub } from "@tidewire/server";
import { toNodeHandler } from "@tidewire/server/node";
import { fastify } from "fastify";

const hub = createHub();
hub.topic("news", { clientPublish: true });
const realtime = toNodeHandler(hub, { path: "/realtime" });

const app = fastify();
// This hook comes before the body is read; what the hub answers, Fastify leaves alone.
app.addHook("onRequest", (request, reply, done) => {
  if (realtime(request.raw, reply.raw)) reply.hijack();
  else done();
});
app.post("/news", (request) => hub.publish("news", request.body));
app.get("/health", () => hub.stats());

app.server.on("upgrade", (request, socket, head) => {
  if (!realtime.handleUpgrade(request, socket, head)) socket.destroy();
});
await app.listen({ port: Number(process.env["PORT"] ?? 3000) });

process.once("SIGTERM", async () => {
  setTimeout(() => process.exit(), 5000).unref(); // browsers open connections ahead of need, which are waited for, too
  await hub.close(); // the streams first: the server waits for them
  await app.close();
});
