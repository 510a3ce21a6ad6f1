import { once } from "node:events";
import http from "node:http";
import http2 from "node:http2";
import https from "node:https";
import type { Answer, Ask } from "./driver.ts";

/** Asks over HTTP/1.1, in the clear or over TLS. */
export async function askHttp1(url: URL, { method = "GET", headers = {}, body }: Ask, ca?: string): Promise<Answer> {
  const options = { method, headers, agent: false as const };
  const request = ca === undefined ? http.request(url, options) : https.request(url, { ...options, ca });
  request.on("error", () => {}); // Also what aborting gives; a request that fails before its answer rejects below.
  request.end(body);
  const [response] = (await once(request, "response")) as [http.IncomingMessage];
  response.on("error", () => {});
  const seen = Object.entries(response.headers).map(([name, value]) => [name, String(value)] as const);
  return {
    status: response.statusCode ?? 0,
    headers: new Map(seen),
    body: response,
    abort: () => request.destroy(),
  };
}

/** Asks over HTTP/2: many streams on one connection. */
export async function askHttp2(
  session: http2.ClientHttp2Session,
  path: string,
  { method = "GET", headers = {}, body }: Ask,
): Promise<Answer> {
  const stream = session.request({ ":method": method, ":path": path, ...headers }, { endStream: body === undefined });
  stream.on("error", () => {});
  if (body !== undefined) stream.end(body);
  const [head] = (await once(stream, "response")) as [http2.IncomingHttpHeaders];
  const seen = Object.entries(head).map(([name, value]) => [name, String(value)] as const);
  return {
    status: Number(head[":status"]),
    headers: new Map(seen),
    body: stream,
    abort: () => stream.close(http2.constants.NGHTTP2_CANCEL),
  };
}
