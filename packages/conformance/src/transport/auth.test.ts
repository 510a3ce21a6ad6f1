import { sse, websocket } from "@tidewire/core";
import { describe, expect } from "vitest";
import { events, fin, status, webSocket } from "./replies.ts";
import { type Row, runTable } from "./row.ts";
import type { Reply } from "./scripted-server.ts";

/** Gives `token-1`, `token-2`, … and counts how often it was asked. */
function tokens() {
  let asked = 0;
  return Object.assign(() => `token-${++asked}`, { asked: () => asked });
}

const dial: Row["dial"] = (server) => sse(`${server.http}/stream`);
const bearers = (seen: Parameters<NonNullable<Row["also"]>>[0]) =>
  seen.server.requests.map(({ headers }) => headers.get("authorization"));
const accepts =
  (token: string, reply: Reply, refusal = 401): Row["script"] =>
  (request) =>
    request.headers.get("authorization") === `Bearer ${token}` ? reply : status(refusal);

describe("credentials of an event stream", () => {
  const refused = {
    dial,
    statuses: ["connecting", "connecting", "failed"] as const,
    requests: 2,
    code: "unauthenticated" as const,
  };
  runTable([
    {
      title: "401 without auth fails at once",
      dial,
      script: [status(401)],
      statuses: ["connecting", "failed"],
      requests: 1,
      code: "unauthenticated",
    },
    {
      ...refused,
      title: "401 for ever asks for a fresh token once, and then fails",
      script: () => status(401),
      behaviour: { auth: tokens() },
      also: (seen) => expect(bearers(seen)).toEqual(["Bearer token-1", "Bearer token-2"]),
    },
    {
      ...refused,
      title: "403 for ever asks for a fresh token once, and then fails",
      script: () => status(403),
      behaviour: { auth: tokens() },
    },
    {
      title: "401 and then a fresh token opens",
      dial,
      script: accepts("token-2", events("data: 1\n\n")),
      behaviour: { auth: tokens() },
      statuses: ["connecting", "connecting", "open"],
      messages: [1],
      requests: 2,
    },
    {
      title: "403 and then a fresh token opens",
      dial,
      script: accepts("token-2", events("data: 1\n\n"), 403),
      behaviour: { auth: tokens() },
      statuses: ["connecting", "connecting", "open"],
      messages: [1],
      requests: 2,
    },
    {
      title: "each dial asks again for a token that does not tell its end",
      dial,
      script: [events("data: 1\n\n", fin), events("data: 2\n\n")],
      behaviour: { auth: tokens() },
      statuses: ["connecting", "open", "waiting", "connecting", "open"],
      messages: [1, 2],
      requests: 2,
      also: (seen) => expect(bearers(seen)).toEqual(["Bearer token-1", "Bearer token-2"]),
    },
    {
      title: "a token that is still good is used again",
      dial,
      script: [events("data: 1\n\n", fin), events("data: 2\n\n")],
      behaviour: { auth: async () => ({ token: "kept", expiresAt: Date.now() + 60_000 }) },
      statuses: ["connecting", "open", "waiting", "connecting", "open"],
      messages: [1, 2],
      requests: 2,
      also: (seen) => expect(bearers(seen)).toEqual(["Bearer kept", "Bearer kept"]),
    },
    {
      title: "a token that is still good, and refused all the same, is renewed",
      dial,
      script: accepts("token-2", events("data: 1\n\n")),
      behaviour: {
        auth: (() => {
          const next = tokens();
          return () => ({ token: next(), expiresAt: Date.now() + 60_000 });
        })(),
      },
      statuses: ["connecting", "connecting", "open"],
      messages: [1],
      requests: 2,
    },
    {
      title: "a token refused later, after the line was open, is renewed again",
      dial,
      script: [events("data: 1\n\n", fin), status(401), events("data: 2\n\n", fin), status(401), events("data: 3\n\n")],
      behaviour: { auth: tokens() },
      statuses: [
        "connecting",
        "open",
        "waiting",
        "connecting",
        "connecting",
        "open",
        "waiting",
        "connecting",
        "connecting",
        "open",
      ],
      messages: [1, 2, 3],
      requests: 5,
    },
    {
      title: "an auth that rejects is retried, and wedges nothing",
      dial,
      script: [events("data: 1\n\n")],
      behaviour: {
        auth: (() => {
          let asked = 0;
          return async () => (++asked < 3 ? Promise.reject(new Error("no network")) : "good");
        })(),
      },
      statuses: ["connecting", "waiting", "connecting", "waiting", "connecting", "open"],
      messages: [1],
      requests: 1,
      code: "auth-failed",
      also: ({ error }) => expect(error?.cause).toMatchObject({ message: "no network" }),
    },
    {
      title: "an auth that throws is retried too",
      dial,
      script: [events("data: 1\n\n")],
      behaviour: {
        auth: (() => {
          let asked = 0;
          return () => {
            asked += 1;
            if (asked === 1) throw new Error("not logged in yet");
            return "good";
          };
        })(),
      },
      statuses: ["connecting", "waiting", "connecting", "open"],
      messages: [1],
      requests: 1,
      code: "auth-failed",
    },
  ]);
});

describe("credentials of a WebSocket", () => {
  const opened = ["connecting", "open"] as const;
  runTable([
    {
      title: "go as a subprotocol",
      dial: (server) => websocket(server.ws, { protocols: "chat", tokenVia: { protocol: (token) => `auth.${token}` } }),
      script: [webSocket((peer) => peer.send("1"), "chat")],
      behaviour: { auth: () => "t1" },
      statuses: opened,
      messages: [1],
      requests: 1,
      also: ({ server }) =>
        expect(server.requests[0]?.headers.get("sec-websocket-protocol")?.replace(" ", "")).toBe("chat,auth.t1"),
    },
    {
      title: "go as the first message, and the line is open once they were accepted",
      dial: (server) =>
        websocket(server.ws, {
          tokenVia: { message: (token) => `token ${token}`, isAccepted: (answer) => answer === "welcome" },
        }),
      script: [
        webSocket((peer) =>
          peer.on("message", (greeting) => peer.send("welcome", () => peer.send(JSON.stringify(String(greeting))))),
        ),
      ],
      behaviour: { auth: () => "t1" },
      statuses: opened,
      messages: ["token t1"],
      requests: 1,
    },
    {
      title: "that are refused by the first answer are renewed once",
      dial: (server) =>
        websocket(server.ws, { tokenVia: { message: (token) => token, isAccepted: (answer) => answer === "welcome" } }),
      script: () =>
        webSocket((peer) =>
          peer.on("message", (token) => peer.send(String(token) === "token-2" ? "welcome" : "go away")),
        ),
      behaviour: { auth: tokens() },
      statuses: ["connecting", "connecting", "open"],
      requests: 2,
    },
    {
      title: "that are refused by close 4401 are renewed once, and then the stream fails",
      dial: (server) => websocket(server.ws, { tokenVia: { param: "ticket" } }),
      script: () => webSocket((peer) => peer.close(4401, "expired")),
      behaviour: { auth: tokens() },
      statuses: ["connecting", "open", "connecting", "open", "failed"],
      requests: 2,
      code: "unauthenticated",
      also: ({ server }) =>
        expect(server.requests.map(({ url }) => url)).toEqual(["/?ticket=token-1", "/?ticket=token-2"]),
    },
  ]);
});
