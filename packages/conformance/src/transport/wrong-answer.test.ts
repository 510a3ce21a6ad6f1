import { httpProbe, ndjson, sse, type Token, type Verdict, websocket } from "@tidewire/core";
import { describe, expect } from "vitest";
import { events, fin, htmlPage, redirect, status, webSocket } from "./replies.ts";
import { type Row, runTable } from "./row.ts";
import type { Reply, Script } from "./scripted-server.ts";

const dial: Row["dial"] = (server) => sse(`${server.http}/stream`);
const one = events("id: 7\ndata: 1\n\n", fin);
const two = events("data: 2\n\n");
const opened = ["connecting", "open", "waiting"] as const;
const wait = ["connecting", "waiting"] as const;
const back = ["connecting", "open"] as const;
/** Half of the longest window, which this jitter draws; the first wait is half of the first one. */
const longest = { behaviour: { random: () => 0.5 }, waits: [500, 5000, 5000] };

function passes(title: string, wrong: readonly Reply[], more: Partial<Row> = {}): Row {
  const script = [one, ...wrong, ...wrong, two];
  return {
    title,
    dial,
    script,
    statuses: [...opened, ...wait, ...wait, ...back],
    messages: [1, 2],
    requests: script.length,
    code: "http-status",
    ...longest,
    also: ({ handle }) => expect(handle.statuses[4]?.error?.isFinal).toBe(false),
    ...more,
  };
}

describe("a wrong answer to a stream that was open before is waited out, at the longest wait", () => {
  const refused = { code: "unauthenticated" } as const;
  runTable([
    ...[400, 404, 410, 451].map((code) => passes(`${code}`, [status(code)])),
    passes("403 without auth", [status(403)], refused),
    passes("401 without auth", [status(401)], refused),
    passes("an HTML page with status 200", [htmlPage], { code: "content-type" }),
    passes("a redirect to a login page", [redirect("/login"), htmlPage], { code: "content-type" }),
    {
      ...passes("403 once a fresh token was refused too, and each later dial has another one", []),
      script: [one, status(403), status(403), status(403), two],
      behaviour: { ...longest.behaviour, auth: tokens(Date.now() + 86_400_000) },
      statuses: [...opened, "connecting", ...wait, ...wait, ...back],
      requests: 5,
      code: "unauthenticated",
      also: ({ server }) =>
        expect(server.requests.map(({ headers }) => headers.get("authorization"))).toEqual(
          [1, 1, 2, 3, 4].map((token) => `Bearer ${token}`),
        ),
    },
    passes("404 as a WebSocket's probe sees it", [], {
      dial: (server) => websocket(server.ws, { probe: httpProbe }),
      script: webSocketAway(),
      statuses: [...opened, ...wait, ...back],
      messages: [1, 1],
      requests: 4,
      waits: [500, 5000],
    }),
    passes("404 for lines of JSON", [status(404)], {
      dial: (server) => ndjson(`${server.http}/stream`),
      script: [lines("1\n", true), status(404), lines("2\n", false)],
      statuses: [...opened, ...wait, ...back],
      requests: 3,
      waits: [500, 5000],
    }),
    passes("and Retry-After is kept to there too", [], {
      script: [one, status(404, { "retry-after": "60" }), two],
      statuses: [...opened, ...wait, ...back],
      requests: 3,
      behaviour: { random: () => 0 },
      waits: [0, 60_000],
    }),
    {
      title: "but 204 is the end",
      dial,
      script: [one, status(204)],
      statuses: [...opened, "connecting", "closed"],
      messages: [1],
      requests: 2,
    },
    {
      title: "and a final close is a server's own word",
      dial: (server) => websocket(server.ws),
      script: [webSocket((peer) => peer.close(1012)), webSocket((peer) => peer.close(4403))],
      statuses: [...opened, "connecting", "open", "failed"],
      requests: 2,
      code: "closed-by-server",
    },
    {
      title: "and a request that is sent once is not sent again",
      dial: (server) => sse(server.http, { body: "{}" }),
      script: [one],
      statuses: ["connecting", "open", "closed"],
      messages: [1],
      requests: 1,
    },
  ]);
});

describe("`verdict` judges an answer or a close in place of the default, for every transport", () => {
  const says = (verdict: Verdict): Pick<Row, "behaviour"> => ({
    behaviour: { verdict: ({ error }) => ((error?.detail.status ?? error?.detail.closeCode) ? verdict : undefined) },
  });
  runTable([
    {
      title: "404 is waited out on the first dial too: back-off",
      dial,
      script: [status(404), two],
      statuses: [...wait, ...back],
      messages: [2],
      requests: 2,
      code: "http-status",
      ...says("back-off"),
      also: ({ error }) => expect(error?.isFinal).toBe(false),
    },
    {
      title: "503 is final",
      dial,
      script: [status(503)],
      statuses: ["connecting", "failed"],
      requests: 1,
      code: "http-status",
      ...says("final"),
      also: ({ error }) => expect(error?.isFinal).toBe(true),
    },
    {
      title: "404 is final although the stream was open",
      dial,
      script: [one, status(404)],
      statuses: [...opened, "connecting", "failed"],
      messages: [1],
      requests: 2,
      code: "http-status",
      ...says("final"),
    },
    {
      title: "410 is over",
      dial,
      script: [status(410)],
      statuses: ["connecting", "closed"],
      requests: 1,
      ...says("over"),
      also: ({ handle }) => expect(handle.end).toBe("completed"),
    },
    {
      title: "503 is dialled again at once",
      dial,
      script: [status(503), two],
      statuses: [...wait, ...back],
      messages: [2],
      requests: 2,
      code: "http-status",
      behaviour: { ...says("at-once").behaviour, random: () => 0.999 },
      waits: [0],
    },
    {
      title: "419 asks for a fresh token",
      dial,
      script: [status(419), two],
      statuses: ["connecting", ...back],
      messages: [2],
      requests: 2,
      behaviour: { ...says("unauthenticated").behaviour, auth: tokens() },
      also: ({ server }) =>
        expect(server.requests.map(({ headers }) => headers.get("authorization"))).toEqual(["Bearer 1", "Bearer 2"]),
    },
    {
      title: "204 is not the end",
      dial,
      script: [status(204), two],
      statuses: [...wait, ...back],
      messages: [2],
      requests: 2,
      behaviour: { verdict: ({ isOver }) => (isOver ? "back-off" : undefined) },
    },
    {
      title: "a clean end is final",
      dial,
      script: [one],
      statuses: ["connecting", "open", "failed"],
      messages: [1],
      requests: 1,
      code: "closed-by-server",
      behaviour: { verdict: () => "final" },
    },
    {
      title: "a WebSocket's 4404 is waited out",
      dial: (server) => websocket(server.ws),
      script: [webSocket((peer) => peer.close(4404)), webSocket()],
      statuses: [...opened, ...back],
      requests: 2,
      code: "closed-by-server",
      ...says("back-off"),
    },
    {
      title: "one that throws is a programmer's mistake, and final",
      dial,
      script: [status(503)],
      statuses: ["connecting", "failed"],
      requests: 1,
      code: "option-invalid",
      behaviour: {
        verdict() {
          throw new Error("no verdict");
        },
      },
      also: ({ error }) => expect(error?.cause).toMatchObject({ message: "no verdict" }),
    },
  ]);
});

/** Credentials that are others each time, kept until then. */
function tokens(expiresAt = 0): () => Token {
  let asked = 0;
  return () => ({ token: `${++asked}`, expiresAt });
}

function lines(text: string, isOver: boolean): Reply {
  return async (exchange) => {
    await exchange.head(200, { "content-type": "application/x-ndjson" });
    await exchange.write(text);
    if (isOver) exchange.fin();
  };
}

/** Lets in, lets go, answers 404 to the next upgrade and to who asks why, and is back. */
function webSocketAway(): Script {
  let upgrades = 0;
  return ({ headers }) => {
    if (headers.get("upgrade") === undefined) return status(404);
    upgrades += 1;
    if (upgrades === 2) return status(404);
    return webSocket((peer) => {
      peer.send("1");
      if (upgrades === 1) peer.close(1012);
    });
  };
}
