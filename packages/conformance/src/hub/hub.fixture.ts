import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Client, type ClientOptions, createClient } from "@tidewire/core";
import { createHub, type HubOptions } from "@tidewire/server";
import { type NodeHandlerOptions, toNodeHandler } from "@tidewire/server/node";
import { onTestFinished } from "vitest";
import { createFaultProxy } from "../faults/fault-proxy.ts";

/** A hub on a real server, behind a cable that can be cut. */
export async function startHub(options: HubOptions = {}, handlerOptions: NodeHandlerOptions = {}) {
  const hub = createHub(options);
  const handler = toNodeHandler(hub, handlerOptions);
  const server = createServer(handler);
  server.on("upgrade", handler.handleUpgrade);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const proxy = await createFaultProxy((server.address() as AddressInfo).port);
  onTestFinished(async () => {
    await hub.close();
    await proxy[Symbol.asyncDispose]();
    server.close();
    server.closeAllConnections();
  });
  const connect = (clientOptions: Omit<ClientOptions, "url">): Client => {
    const client = createClient({ url: `http://127.0.0.1:${proxy.port}/`, random: () => 0.1, ...clientOptions });
    onTestFinished(() => client.close());
    return client;
  };
  return { hub, proxy, server, connect };
}
