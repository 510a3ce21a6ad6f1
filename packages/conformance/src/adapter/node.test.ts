import http from "node:http";
import http2 from "node:http2";
import { toNodeHandler } from "@tidewire/server/node";
import { selfSigned } from "./certificate.ts";
import { inProcess } from "./in-process.ts";
import { serveHttp1, serveTls } from "./serving.ts";
import { runAdapterSuite } from "./suite.ts";

runAdapterSuite(
  inProcess("Node's http", (hub, origins) =>
    serveHttp1(http.createServer(toNodeHandler(hub, { path: "/realtime", origins }))),
  ),
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
