import { httpProbe, websocket } from "@tidewire/core";
import { describe, expect } from "vitest";
import { raw, rst, status, webSocket } from "./replies.ts";
import { type Row, runTable } from "./row.ts";
import type { Reply, Script } from "./scripted-server.ts";

const dial: Row["dial"] = (server) => websocket(`${server.ws}/socket`, { probe: httpProbe });
const one = webSocket((peer) => peer.send("1"));

/** Refuses the first upgrade in a way that a page cannot see, tells the probe more, and then lets everybody in. */
const refusesThenTells = (answer: Reply): Script => {
  let upgrades = 0;
  return ({ headers }) => {
    if (headers.get("upgrade") === undefined) return answer;
    upgrades += 1;
    return upgrades === 1 ? status(403) : one;
  };
};

describe("a handshake that failed is explained by asking over HTTP", () => {
  const back = { dial, statuses: ["connecting", "waiting", "connecting", "open"] as const, messages: [1], requests: 3 };
  runTable([
    {
      title: "404 is final, and named",
      dial,
      script: refusesThenTells(status(404)),
      statuses: ["connecting", "failed"],
      requests: 2,
      code: "http-status",
      also: ({ error }) => expect(error?.detail.status).toBe(404),
    },
    {
      title: "401 without auth is final",
      dial,
      script: refusesThenTells(status(401)),
      statuses: ["connecting", "failed"],
      requests: 2,
      code: "unauthenticated",
    },
    {
      title: "401 asks for a fresh token",
      dial,
      script: refusesThenTells(status(401)),
      behaviour: { auth: () => "token" },
      statuses: ["connecting", "connecting", "open"],
      messages: [1],
      requests: 3,
    },
    {
      ...back,
      title: "503 is retried, when the server wants it",
      script: refusesThenTells(status(503, { "retry-after": "4" })),
      code: "http-status",
      waits: [4000],
    },
    {
      ...back,
      title: "426 explains nothing: the usual retry",
      script: refusesThenTells(status(426)),
      code: "network",
      waits: [0],
    },
    {
      ...back,
      title: "a reset explains nothing: the usual retry",
      script: refusesThenTells(raw(rst)),
      code: "network",
      waits: [0],
    },
    {
      title: "a line that was open is not asked about",
      dial,
      script: [webSocket((_peer, exchange) => exchange.reset()), one],
      statuses: ["connecting", "open", "waiting", "connecting", "open"],
      messages: [1],
      requests: 2,
      code: "network",
    },
  ]);
});
