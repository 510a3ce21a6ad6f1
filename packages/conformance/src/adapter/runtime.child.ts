// Serves hubs by the runtime's own server. It is told what to do by lines of JSON, and answers by lines of JSON.
import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import process from "node:process";
import { createInterface } from "node:readline";
import type { Hub } from "@tidewire/server";
import { type FetchHandler, toFetchHandler } from "@tidewire/server/fetch";
import { toNodeHandler } from "@tidewire/server/node";
import type { ServedOptions } from "./driver.ts";
import { hubOf } from "./in-process.ts";

/** What is asked: `n` counts the questions, `id` says of which hub. */
export type Order = { readonly n: number; readonly id: number } & (
  | { readonly act: "start"; readonly options: ServedOptions; readonly origins: readonly string[] }
  | { readonly act: "publish"; readonly topic: string; readonly data: unknown }
  | { readonly act: "listen"; readonly topic: string }
  | { readonly act: "lines" | "close" | "stop" }
);

/** What is answered, or what came up a line of a topic that is listened to. */
export type Word =
  | { readonly n: number; readonly value?: unknown; readonly error?: string }
  | { readonly id: number; readonly topic: string; readonly data: unknown };

interface Server {
  readonly port: number;
  /** Done when every request has been answered to its end. */
  stop(): Promise<void>;
}

declare const Bun: {
  serve(options: { port: 0; hostname: string; idleTimeout: number; fetch: FetchHandler }): {
    readonly port: number;
    stop(): Promise<void>;
  };
};
declare const Deno: {
  serve(
    options: { port: 0; hostname: string; onListen(): void },
    handler: FetchHandler,
  ): { readonly addr: { readonly port: number }; shutdown(): Promise<void> };
};

async function serveByNode(hub: Hub, origins: readonly string[]): Promise<Server> {
  const server = http.createServer(toNodeHandler(hub, { path: "/realtime", origins })).listen(0, "127.0.0.1");
  await once(server, "listening");
  const stop = async () => {
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  };
  return { port: (server.address() as AddressInfo).port, stop };
}

function serve(hub: Hub, origins: readonly string[]): Server | Promise<Server> {
  const hostname = "127.0.0.1";
  if (!("Bun" in globalThis || "Deno" in globalThis)) return serveByNode(hub, origins);
  const handler = toFetchHandler(hub, { path: "/realtime", origins });
  // Bun hangs up after 10 s of silence unless told otherwise; a poll is silent for longer.
  if ("Bun" in globalThis) return Bun.serve({ port: 0, hostname, idleTimeout: 60, fetch: handler });
  const server = Deno.serve({ port: 0, hostname, onListen() {} }, handler);
  return { port: server.addr.port, stop: () => server.shutdown() };
}

const hubs = new Map<number, { readonly hub: Hub; readonly server: Server }>();

async function obey(order: Order): Promise<unknown> {
  const { id } = order;
  if (order.act === "start") {
    const hub = hubOf(order.options);
    const server = await serve(hub, order.origins);
    hubs.set(id, { hub, server });
    return server.port;
  }
  const known = hubs.get(id);
  if (!known) throw new Error(`There is no hub ${id}.`);
  const { hub, server } = known;
  if (order.act === "publish") return hub.publish(order.topic, order.data);
  if (order.act === "listen") {
    const { topic } = order;
    return void hub.topic(topic).onMessage((data) => say({ id, topic, data }));
  }
  if (order.act === "lines") return hub.stats().lines;
  return order.act === "close" ? hub.close() : server.stop();
}

function say(word: Word): void {
  process.stdout.write(`${JSON.stringify(word)}\n`);
}

createInterface({ input: process.stdin })
  .on("line", (line) => {
    const order = JSON.parse(line) as Order;
    const { n } = order;
    obey(order).then(
      (value) => say({ n, value }),
      (error) => say({ n, error: String(error) }),
    );
  })
  .on("close", () => process.exit());
