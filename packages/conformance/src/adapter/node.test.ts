import http from "node:http";
import http2 from "node:http2";
import { toNodeHandler } from "@tidewire/server/node";
import { selfSigned } from "./certificate.ts";
import { inProcess } from "./in-process.ts";
import { serveHttp1, serveTls } from "./serving.ts";
import { runAdapterSuite } from "./suite.ts";
import { unpacking } from "./unpacking.ts";

runAdapterSuite(
  inProcess("Node's http", (hub, origins) =>
    serveHttp1(http.createServer(toNodeHandler(hub, { path: "/realtime", origins }))),
  ),
);

runAdapterSuite(
  inProcess("Node's http, compressed", async (hub, origins) => {
    const handler = toNodeHandler(hub, { path: "/realtime", origins, compress: true });
    return unpacking(await serveHttp1(http.createServer(handler)));
  }),
);

const { key, cert } = selfSigned();
for (const version of [2, 1] as const) {
  runAdapterSuite(
    inProcess(`Node's http2 over TLS, asked by HTTP/${version}`, (hub, origins) => {
      const handler = toNodeHandler(hub, { path: "/realtime", origins });
      return serveTls(http2.createSecureServer({ key, cert, allowHTTP1: true }, handler), version, cert);
    }),
  );
}

runAdapterSuite(
  inProcess("Node's http2 over TLS, compressed", async (hub, origins) => {
    const handler = toNodeHandler(hub, { path: "/realtime", origins, compress: true });
    return unpacking(await serveTls(http2.createSecureServer({ key, cert }, handler), 2, cert));
  }),
);
