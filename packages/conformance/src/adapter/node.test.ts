import http from "node:http";
import http2 from "node:http2";
import { toNodeHandler } from "@tidewire/server/node";
import { selfSigned } from "./certificate.ts";
import { serveHttp1, serveTls } from "./serving.ts";
import { runAdapterSuite } from "./suite.ts";
import { unpacking } from "./unpacking.ts";

runAdapterSuite({
  name: "Node's http",
  start: (hub, origins) => serveHttp1(http.createServer(toNodeHandler(hub, { path: "/realtime", origins }))),
});

runAdapterSuite({
  name: "Node's http, compressed",
  async start(hub, origins) {
    const handler = toNodeHandler(hub, { path: "/realtime", origins, compress: true });
    return unpacking(await serveHttp1(http.createServer(handler)));
  },
});

const { key, cert } = selfSigned();
for (const version of [2, 1] as const) {
  runAdapterSuite({
    name: `Node's http2 over TLS, asked by HTTP/${version}`,
    start(hub, origins) {
      const handler = toNodeHandler(hub, { path: "/realtime", origins });
      return serveTls(http2.createSecureServer({ key, cert, allowHTTP1: true }, handler), version, cert);
    },
  });
}

runAdapterSuite({
  name: "Node's http2 over TLS, compressed",
  async start(hub, origins) {
    const handler = toNodeHandler(hub, { path: "/realtime", origins, compress: true });
    return unpacking(await serveTls(http2.createSecureServer({ key, cert }, handler), 2, cert));
  },
});
