import { httpProbe, ndjson, sse, websocket } from "@tidewire/core";
import { describe, expect } from "vitest";
import { type Part, status } from "./replies.ts";
import { type Row, runTable } from "./row.ts";
import type { Reply } from "./scripted-server.ts";

const reason = '{"error":{"message":"model not found"}}';
const json = { "content-type": "application/json" };
const failed = { statuses: ["connecting", "failed"], requests: 1, code: "http-status" } as const;
const carries =
  (detail: object): NonNullable<Row["also"]> =>
  ({ error }) =>
    expect(error?.detail).toMatchObject(detail);

/** A wrong answer with a body in parts, that the server never ends by itself. */
function wrong(code: number, ...parts: readonly Part[]): Reply {
  return async (exchange) => {
    await exchange.head(code, json);
    for (const part of parts) await (typeof part === "function" ? part(exchange) : exchange.write(part));
  };
}

describe("the error of a wrong answer carries its reason", () => {
  runTable([
    {
      ...failed,
      title: "the body as text, and the headers by which the request is found again",
      dial: (server) => sse(server.http, { body: "{}" }),
      script: [
        status(400, { ...json, "x-request-id": "r-1", "x-ratelimit-remaining": "0", server: "secret/1.0" }, reason),
      ],
      also: ({ error }) => {
        expect(error?.detail).toMatchObject({ status: 400, contentType: "application/json", body: reason });
        expect(error?.detail.headers).toEqual({ "x-request-id": "r-1", "x-ratelimit-remaining": "0" });
      },
    },
    {
      ...failed,
      title: "for lines of JSON too",
      dial: (server) => ndjson(server.http),
      script: [status(404, json, reason)],
      also: carries({ body: reason }),
    },
    {
      title: "also when it is waited out, beside Retry-After",
      dial: (server) => sse(server.http),
      script: [status(429, { ...json, "retry-after": "7" }, reason), status(204)],
      statuses: ["connecting", "waiting", "connecting", "closed"],
      requests: 2,
      code: "http-status",
      waits: [7000],
      also: carries({ body: reason, headers: { "retry-after": "7" }, retryAfterMs: 7000 }),
    },
    {
      ...failed,
      title: "of a long body the start",
      dial: (server) => sse(server.http),
      script: [status(404, json, "x".repeat(1_000_000))],
      also: ({ error }) => expect(error?.detail.body).toBe("x".repeat(4096)),
    },
    {
      ...failed,
      title: "of a body that never ends what came within a second, and the socket is given back",
      dial: (server) => sse(server.http),
      script: [wrong(404, reason)],
      also: carries({ body: reason }),
    },
    {
      ...failed,
      title: "of a body that is cut what came before",
      dial: (server) => sse(server.http),
      script: [
        async (exchange) => {
          await exchange.head(404, { ...json, "content-length": "1000" });
          await exchange.write(reason);
          exchange.fin();
        },
      ],
      also: carries({ body: reason }),
    },
    {
      ...failed,
      title: "an empty body is empty",
      dial: (server) => sse(server.http),
      script: [status(404)],
      also: carries({ body: "" }),
    },
    {
      ...failed,
      title: "of an upgrade that was refused, by the probe",
      dial: (server) => websocket(server.ws, { probe: httpProbe }),
      script: ({ headers }) =>
        headers.get("upgrade") ? status(403) : status(404, { ...json, "x-request-id": "r-2" }, reason),
      requests: 2,
      also: carries({ status: 404, body: reason, headers: { "x-request-id": "r-2" } }),
    },
  ]);
});
