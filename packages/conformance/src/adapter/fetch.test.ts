import http from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import { toFetchHandler } from "@tidewire/server/fetch";
import { Hono } from "hono";
import { inProcess } from "./in-process.ts";
import { serveHttp1 } from "./serving.ts";
import { runAdapterSuite } from "./suite.ts";
import { toListener } from "./web-bridge.ts";

runAdapterSuite(
  inProcess("Fetch, bridged to Node by hand", (hub, origins) =>
    serveHttp1(http.createServer(toListener(toFetchHandler(hub, { path: "/realtime", origins })))),
  ),
);

runAdapterSuite(
  inProcess("Hono", (hub, origins) => {
    const handler = toFetchHandler(hub, { origins });
    const app = new Hono().all("/realtime/*", (context) => handler(context.req.raw));
    return serveHttp1(createAdaptorServer({ fetch: app.fetch }) as http.Server);
  }),
);
