import { once } from "node:events";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { connect } from "node:tls";
import { createHub } from "@tidewire/server";
import { toNodeHandler } from "@tidewire/server/node";
import { expect, it, onTestFinished } from "vitest";
import { selfSigned } from "./certificate.ts";
import { inProcess } from "./in-process.ts";
import { serveHttps } from "./serving.ts";
import { runAdapterSuite } from "./suite.ts";

const { key, cert } = selfSigned();

runAdapterSuite(
  inProcess("Node's https", (hub, origins) =>
    serveHttps(https.createServer({ key, cert }, toNodeHandler(hub, { path: "/realtime", origins })), cert),
  ),
);

it("over TLS too a line has its socket for itself, and closeAllConnections ends it", async () => {
  const hub = createHub();
  const handler = toNodeHandler(hub);
  const responses: { readonly closed: boolean }[] = [];
  const server = https.createServer({ key, cert }, (request, response) => {
    responses.push(response);
    handler(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => hub.close());
  const { port } = server.address() as AddressInfo;
  const socket = connect({ port, host: "localhost", servername: "localhost", ca: cert }).setEncoding("latin1");
  onTestFinished(() => void socket.destroy());
  let got = "";
  socket.on("data", (part) => {
    got += part;
  });
  socket.write("GET /?topic=a HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await expect.poll(() => responses[0]?.closed).toBe(true);
  socket.write("GET /?topic=a HTTP/1.1\r\nHost: localhost\r\n\r\n");
  for (const text of ["one", "two"]) {
    await hub.publish("a", text);
    await expect.poll(() => got).toContain(text);
  }
  expect(responses).toHaveLength(1);
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
  await expect.poll(() => hub.stats().lines).toBe(0);
});
