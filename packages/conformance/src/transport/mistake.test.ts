import { sse, websocket } from "@tidewire/core";
import { describe, expect } from "vitest";
import { events, webSocket } from "./replies.ts";
import { type Row, runTable } from "./row.ts";

function mistake(title: string, dial: Row["dial"], words: RegExp, more: Partial<Row> = {}): Row {
  return {
    title,
    dial,
    script: [],
    statuses: ["connecting", "failed"],
    requests: 0,
    code: "option-invalid",
    also: ({ error }) => {
      expect(error?.message).toMatch(words);
      expect(error?.isFinal).toBe(true);
    },
    ...more,
  };
}

describe("what no dial can mend is said at once, and not dialled", () => {
  runTable([
    mistake(
      "a header value with a line end",
      (s) => sse(s.http, { headers: { "x-tenant": "a\nb" } }),
      /headers.*x-tenant|invalid/i,
    ),
    mistake("a header that is no name", (s) => sse(s.http, { headers: { "no name": "a" } }), /headers/),
    mistake(
      "a header value that is no byte string",
      (s) => sse(s.http, { headers: () => ({ a: "\u6f22" }) }),
      /headers/,
    ),
    mistake("a method that is none", (s) => sse(s.http, { method: "IN VALID" }), /method/),
    mistake("a method that fetch refuses", (s) => sse(s.http, { method: "TRACE" }), /method/),
    mistake("credentials that are none", (s) => sse(s.http, { credentials: "always" as never }), /credentials/),
    mistake("a token that no header takes", (s) => sse(s.http), /headers/, { behaviour: { auth: () => "a\nb" } }),
    mistake(
      "credentials in the address, which the message does not repeat",
      (s) => sse(s.http.replace("//", "//me:secret@")),
      /^(?!.*secret).*`auth`/,
    ),
    mistake("a blocked port", () => sse("http://127.0.0.1:6000/"), /6000/),
    mistake("a blocked port of a WebSocket", () => websocket("ws://127.0.0.1:6667/"), /6667/),
  ]);
});

describe("what another dial may mend is dialled", () => {
  const back = ["connecting", "waiting", "connecting", "open"] as const;
  const once = (address: string) => {
    let dials = 0;
    return () => (++dials === 1 ? JSON.parse("<h1>Please log in</h1>").url : address);
  };
  runTable([
    {
      title: "an address that could not be made, whatever was thrown: SSE",
      dial: (server) => sse(once(server.http)),
      script: [events("data: 1\n\n")],
      statuses: back,
      messages: [1],
      requests: 1,
      code: "network",
    },
    {
      title: "an address that could not be made, whatever was thrown: WebSocket",
      dial: (server) => websocket(once(server.ws)),
      script: [webSocket((peer) => peer.send("1"))],
      statuses: back,
      messages: [1],
      requests: 1,
      code: "network",
    },
    {
      title: "headers that could not be made",
      dial(server) {
        let dials = 0;
        return sse(server.http, { headers: () => (++dials === 1 ? JSON.parse("<h1>") : {}) });
      },
      script: [events("data: 1\n\n")],
      statuses: back,
      messages: [1],
      requests: 1,
      code: "network",
    },
  ]);
});
