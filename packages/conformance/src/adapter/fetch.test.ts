import http from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import { toFetchHandler } from "@tidewire/server/fetch";
import { Hono } from "hono";
import { serveHttp1 } from "./serving.ts";
import { runAdapterSuite } from "./suite.ts";
import { toListener } from "./web-bridge.ts";

runAdapterSuite({
  name: "Fetch, bridged to Node by hand",
  start: (hub, origins) =>
    serveHttp1(http.createServer(toListener(toFetchHandler(hub, { path: "/realtime", origins })))),
});

runAdapterSuite({
  name: "Hono",
  start(hub, origins) {
    const handler = toFetchHandler(hub, { origins });
    const app = new Hono().all("/realtime/*", (context) => handler(context.req.raw));
    return serveHttp1(createAdaptorServer({ fetch: app.fetch }) as http.Server);
  },
});
