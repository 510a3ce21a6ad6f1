import { sse, text } from "@tidewire/core";
import { describe, expect } from "vitest";
import { chunkedEvents, events, fin, redirect, status } from "./replies.ts";
import { type Row, runTable } from "./row.ts";

/** The end marker of OpenAI-style streams. */
const isDone = ({ payload }: { payload: unknown }): boolean => payload === "[DONE]";

const path = "/stream";
const opened = ["connecting", "open"] as const;
const lostAndBack = ["connecting", "open", "waiting", "connecting", "open"] as const;
const header = (name: string) => (seen: Parameters<NonNullable<Row["also"]>>[0]) =>
  seen.server.requests.map(({ headers }) => headers.get(name));

describe("a POST stream", () => {
  const post = {
    method: "POST",
    body: JSON.stringify({ prompt: "hi" }),
    headers: { "content-type": "application/json" },
  };
  const dial: Row["dial"] = (server) => sse(server.http + path, post);
  runTable([
    {
      title: "carries its method, headers and body",
      dial,
      script: [events("data: 1\n\n")],
      statuses: opened,
      messages: [1],
      requests: 1,
      also({ server }) {
        expect(server.requests[0]).toMatchObject({ method: "POST", body: '{"prompt":"hi"}' });
        expect(server.requests[0]?.headers.get("content-type")).toBe("application/json");
      },
    },
    {
      title: "that is cut is not sent again: it fails, and the error says why",
      dial,
      script: [chunkedEvents("data: 1\n\n", fin)],
      statuses: ["connecting", "open", "failed"],
      messages: [1],
      requests: 1,
      code: "cut",
      also: ({ error }) => expect(error?.message).toMatch(/not sent twice/),
    },
    {
      title: "that is refused by 503 is not sent again",
      dial,
      script: [status(503)],
      statuses: ["connecting", "failed"],
      requests: 1,
      code: "http-status",
    },
    {
      title: "that reached nobody is not sent again",
      dial,
      script: [(exchange) => exchange.reset()],
      statuses: ["connecting", "failed"],
      requests: 1,
      code: "network",
    },
    {
      title: "that ends cleanly is over, and not sent again",
      dial,
      script: [events("data: 1\n\n", fin)],
      statuses: ["connecting", "open", "closed"],
      messages: [1],
      requests: 1,
    },
    {
      title: "that ends cleanly before its end marker was cut",
      dial,
      script: [events("data: 1\n\n", fin)],
      behaviour: { codec: text, end: isDone },
      statuses: ["connecting", "open", "failed"],
      messages: ["1"],
      requests: 1,
      code: "cut",
    },
    {
      title: "with a way to resume goes on after a cut, from the last id",
      dial: (server) => sse(server.http + path, { ...post, resume: "last-event-id" }),
      script: [chunkedEvents("id: 4\ndata: 1\n\n", fin), events("data: 2\n\n")],
      statuses: lostAndBack,
      messages: [1, 2],
      requests: 2,
      code: "network",
      also(seen) {
        expect(header("last-event-id")(seen)).toEqual([undefined, "4"]);
        expect(seen.server.requests.map(({ body }) => body)).toEqual([post.body, post.body]);
      },
    },
    {
      title: "asks for its body and headers at each dial",
      dial(server) {
        let dials = 0;
        const body = () => `body ${++dials}`;
        const headers = async () => ({ "x-dial": `${dials + 1}` });
        return sse(server.http + path, { method: "POST", body, headers, resume: "last-event-id" });
      },
      script: [status(503), events("data: 1\n\n")],
      statuses: ["connecting", "waiting", "connecting", "open"],
      messages: [1],
      requests: 2,
      code: "http-status",
      also(seen) {
        expect(seen.server.requests.map(({ body }) => body)).toEqual(["body 1", "body 2"]);
        expect(header("x-dial")(seen)).toEqual(["1", "2"]);
      },
    },
  ]);
});

describe("a marked end", () => {
  const behaviour = { codec: text, end: isDone };
  runTable([
    {
      title: "closes a GET stream although the server keeps the line",
      dial: (server) => sse(server.http + path),
      script: [events("data: a\n\ndata: [DONE]\n\ndata: late\n\n")],
      behaviour,
      statuses: ["connecting", "open", "closed"],
      messages: ["a"],
      requests: 1,
      also: async ({ server, handle }) => {
        expect(handle.end).toBe("completed");
        await (await server.exchange(0)).gone;
      },
    },
    {
      title: "closes a POST stream",
      dial: (server) => sse(server.http + path, { method: "POST", body: "{}" }),
      script: [events("data: a\n\n", "data: [DONE]\n\n", fin)],
      behaviour,
      statuses: ["connecting", "open", "closed"],
      messages: ["a"],
      requests: 1,
    },
    {
      title: "is seen although it is no JSON",
      dial: (server) => sse(server.http + path, { method: "POST", body: "{}" }),
      script: [events('data: {"a":1}\n\n', "data: [DONE]\n\n")],
      behaviour: { end: isDone },
      statuses: ["connecting", "open", "closed"],
      messages: [{ a: 1 }],
      requests: 1,
    },
  ]);
});

describe("where a stream resumes", () => {
  const dial: Row["dial"] = (server) => sse(server.http + path);
  const twice = { dial, statuses: lostAndBack, messages: [1, 2], requests: 2 };
  runTable([
    {
      ...twice,
      title: "Last-Event-ID goes as a header, not at the first dial",
      script: [events("id: a-1\ndata: 1\n\n", fin), events("data: 2\n\n")],
      also: (seen) => expect(header("last-event-id")(seen)).toEqual([undefined, "a-1"]),
    },
    {
      ...twice,
      title: "an empty id resets it",
      script: [events("id: 1\ndata: 1\n\nid:\n\n", fin), events("data: 2\n\n")],
      also: (seen) => expect(header("last-event-id")(seen)).toEqual([undefined, undefined]),
    },
    {
      ...twice,
      title: "an id outside of ASCII goes as its UTF-8 bytes",
      script: [events("id: \u6f22\ndata: 1\n\n", fin), events("data: 2\n\n")],
      also: (seen) => expect(Buffer.from(header("last-event-id")(seen)[1] ?? "", "latin1").toString()).toBe("\u6f22"),
    },
    {
      ...twice,
      title: "it goes as a query parameter where asked, and other parameters stay",
      dial: (server) => sse(`${server.http}${path}?topic=a`, { lastEventIdParam: "lastEventId" }),
      script: [events("id: a/1&\ndata: 1\n\n", fin), events("data: 2\n\n")],
      also(seen) {
        expect(seen.server.requests.map(({ url }) => url)).toEqual([
          "/stream?topic=a",
          "/stream?topic=a&lastEventId=a%2F1%26",
        ]);
        expect(header("last-event-id")(seen)).toEqual([undefined, undefined]);
      },
    },
    {
      ...twice,
      title: "a line that brought no id does not lose the one before",
      script: [events("id: 1\ndata: 1\n\n", fin), events(": nothing\n\n", fin), events("data: 2\n\n")],
      statuses: ["connecting", "open", "waiting", "connecting", "open", "waiting", "connecting", "open"],
      requests: 3,
      also: (seen) => expect(header("last-event-id")(seen)).toEqual([undefined, "1", "1"]),
    },
    {
      title: "a stream may start from an id",
      dial,
      behaviour: { lastEventId: "77" },
      script: [events("data: 1\n\n")],
      statuses: opened,
      messages: [1],
      requests: 1,
      also: (seen) => expect(header("last-event-id")(seen)).toEqual(["77"]),
    },
  ]);
});

describe("the address and the headers", () => {
  runTable([
    {
      title: "an address is asked for at each dial",
      dial(server) {
        let dials = 0;
        return sse(async () => `${server.http}/dial-${++dials}`);
      },
      script: [events("data: 1\n\n", fin), events("data: 2\n\n")],
      statuses: lostAndBack,
      messages: [1, 2],
      requests: 2,
      also: ({ server }) => expect(server.requests.map(({ url }) => url)).toEqual(["/dial-1", "/dial-2"]),
    },
    {
      title: "an address that cannot be made is retried",
      dial(server) {
        let dials = 0;
        return sse(() => {
          dials += 1;
          if (dials === 1) throw new Error("no address yet");
          return server.http + path;
        });
      },
      script: [events("data: 1\n\n")],
      statuses: ["connecting", "waiting", "connecting", "open"],
      messages: [1],
      requests: 1,
      code: "network",
    },
    {
      title: "it asks for an event stream, never from a cache",
      dial: (server) => sse(server.http + path),
      script: [events("data: 1\n\n")],
      statuses: opened,
      messages: [1],
      requests: 1,
      also(seen) {
        expect(header("accept")(seen)).toEqual(["text/event-stream"]);
        expect(header("cache-control")(seen)).toEqual(["no-cache"]);
      },
    },
    {
      title: "custom headers survive a redirect on the same origin",
      dial: (server) => sse(server.http + path, { headers: { "x-tenant": "t1" } }),
      script: [redirect("/other"), events("data: 1\n\n")],
      statuses: opened,
      messages: [1],
      requests: 2,
      also: (seen) => expect(header("x-tenant")(seen)).toEqual(["t1", "t1"]),
    },
  ]);
});
