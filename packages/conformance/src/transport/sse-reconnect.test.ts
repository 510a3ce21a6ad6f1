import { sse, type TidewireError } from "@tidewire/core";
import { describe, expect, it } from "vitest";
import { chunkedEvents, events, fin, htmlPage, raw, redirect, rst, status } from "./replies.ts";
import { playRow, type Row, runTable } from "./row.ts";

const dial: Row["dial"] = (server) => sse(`${server.http}/stream`);
const one = events("data: 1\n\n");
const two = events("data: 2\n\n");
const backAfterOne = ["connecting", "waiting", "connecting", "open"] as const;
const lostAndBack = ["connecting", "open", "waiting", "connecting", "open"] as const;

function retried(title: string, script: Row["script"], more: Partial<Row> = {}): Row {
  return { title, dial, script, statuses: backAfterOne, messages: [1], requests: 2, code: "http-status", ...more };
}

function refused(title: string, script: Row["script"], more: Partial<Row> = {}): Row {
  const statuses = ["connecting", "failed"] as const;
  return { title, dial, script, statuses, requests: 1, code: "http-status", ...more };
}

const finalError = (detail: object, words: RegExp) => (seen: { error: TidewireError | undefined }) => {
  expect(seen.error?.isFinal).toBe(true);
  expect(seen.error?.detail).toMatchObject(detail);
  expect(seen.error?.message).toMatch(words);
};

describe("what a status means", () => {
  runTable([
    {
      title: "503 and 503 are retried until 200",
      dial,
      script: [status(503), status(503), one],
      statuses: ["connecting", "waiting", "connecting", "waiting", "connecting", "open"],
      messages: [1],
      requests: 3,
      code: "http-status",
    },
    ...[408, 425, 429, 500, 502, 504, 599].map((code) => retried(`${code} is retried`, [status(code), one])),
    ...[400, 402, 404, 405, 410, 422, 451].map((code) =>
      refused(`${code} is final, and the error names it`, [status(code)], {
        also: finalError({ status: code }, new RegExp(`http://127.*/stream.*${code}`)),
      }),
    ),
    ...[201, 203, 206].map((code) =>
      refused(`${code} is no stream, whatever its type`, [
        status(code, { "content-type": "text/event-stream" }, "data: 1\n\n"),
      ]),
    ),
    {
      title: "204 ends the stream for good",
      dial,
      script: [status(204)],
      statuses: ["connecting", "closed"],
      requests: 1,
      also: ({ handle }) => expect(handle.end).toBe("completed"),
    },
    {
      title: "a failed stream errors its readers once",
      dial,
      script: [status(404)],
      statuses: ["connecting", "failed"],
      requests: 1,
      code: "http-status",
      also: ({ handle }) => expect(handle.end).toBe("errored"),
    },
  ]);
});

describe("what a type means", () => {
  runTable([
    refused("an HTML page is a portal, and the error says so", [htmlPage], {
      code: "content-type",
      also: finalError(
        { status: 200, contentType: "text/html; charset=utf-8" },
        /stream.*200.*text\/html.*(portal|login)/,
      ),
    }),
    refused("JSON is no stream", [status(200, { "content-type": "application/json" }, "{}")], { code: "content-type" }),
    refused("no type is no stream", [raw("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\ndata: 1\n\n")], {
      code: "content-type",
    }),
    refused("a redirect to a login page fails, and the error names that page", [redirect("/login"), htmlPage], {
      requests: 2,
      code: "content-type",
      also: finalError({ status: 200 }, /\/login/),
    }),
    {
      title: "a redirect to a stream is followed, and the next dial starts from the first address",
      dial,
      script: [redirect("/elsewhere"), events("data: 1\n\n", fin), two],
      statuses: lostAndBack,
      messages: [1, 2],
      requests: 3,
      also: ({ server }) => expect(server.requests.map(({ url }) => url)).toEqual(["/stream", "/elsewhere", "/stream"]),
    },
    {
      title: "the type may carry parameters and capitals",
      dial,
      script: [raw("HTTP/1.1 200 OK\r\nContent-Type: Text/Event-Stream; charset=UTF-8\r\n\r\ndata: 1\n\n")],
      statuses: ["connecting", "open"],
      messages: [1],
      requests: 1,
    },
  ]);
});

describe("what the end of a line means", () => {
  const cut = { dial, statuses: lostAndBack, messages: [1, 2], requests: 2 };
  runTable([
    { ...cut, title: "a clean end is no error, and is dialled again", script: [events("data: 1\n\n", fin), two] },
    {
      ...cut,
      title: "a FIN between chunks is a cut",
      script: [chunkedEvents("data: 1\n\n", fin), two],
      code: "network",
    },
    {
      ...cut,
      title: "a FIN in the middle of an event drops that event",
      script: [events("data: 1\n\nid: 9\ndata: 8", fin), two],
    },
    {
      ...cut,
      title: "a RST in the middle of an event drops that event",
      script: [chunkedEvents("data: 1\n\nid: 9\ndata: 8", rst), two],
      code: "network",
    },
    {
      ...cut,
      title: "garbage instead of a chunk is a cut",
      script: [chunkedEvents("data: 1\n\n", (x) => x.write("zz\r\nnot a chunk"), fin), two],
      code: "network",
    },
    retried("garbage instead of an answer is retried", [raw("\0\u0001 no HTTP\r\n\r\n", fin), one], {
      code: "network",
    }),
    retried("a line closed before the answer is retried", [raw(fin), one], { code: "network" }),
    retried("a line reset before the answer is retried", [raw(rst), one], { code: "network" }),
    retried("half an answer is retried", [raw("HTTP/1.1 200 OK\r\nContent-Ty", fin), one], { code: "network" }),
    {
      ...cut,
      title: "an event above the limit cuts the line with an error that says so",
      dial: (server) => sse(`${server.http}/stream`, { maxMessageLength: 100 }),
      script: [events(`data: 1\n\ndata: ${"x".repeat(60)}`, "x".repeat(60), "\n\n"), two],
      code: "too-large",
      also: ({ error }) => expect(error?.message).toContain("100"),
    },
  ]);

  it("a line that ends without end is given back at once", () =>
    playRow({
      title: "",
      dial: (server) => sse(`${server.http}/stream`, { maxMessageLength: 100 }),
      script: [events("data: ", ..."x".repeat(120)), status(204)],
      statuses: ["connecting", "open", "waiting", "connecting", "closed"],
      requests: 2,
      code: "too-large",
      also: async ({ server }) => (await server.exchange(0)).gone,
    }));
});

describe("how long it waits", () => {
  const tooMany = (value: string) => status(429, { "retry-after": value });
  runTable([
    {
      title: "retry: sets the delay",
      dial,
      script: [chunkedEvents("retry: 50\n\ndata: 1\n\n", fin), two],
      statuses: lostAndBack,
      messages: [1, 2],
      requests: 2,
      code: "network",
      waits: [50],
    },
    retried("Retry-After in seconds is kept to", [tooMany("2"), one], { waits: [2000] }),
    retried("Retry-After of 503 is kept to", [status(503, { "retry-after": "7" }), one], { waits: [7000] }),
    retried("Retry-After that is neither seconds nor a date is ignored", [tooMany("soon"), one], { waits: [0] }),
    retried("Retry-After in the past means now", [tooMany("Wed, 21 Oct 2015 07:28:00 GMT"), one], { waits: [0] }),
    retried(
      "Retry-After as a date is kept to",
      [(exchange) => tooMany(new Date(Date.now() + 4000).toUTCString())(exchange), one],
      {
        also({ handle }) {
          expect(handle.waits[0]).toBeGreaterThan(2500); // HTTP dates have whole seconds
          expect(handle.waits[0]).toBeLessThanOrEqual(4000);
        },
      },
    ),
    retried("jitter is there from the first retry on, below a second", [status(500), one], {
      behaviour: { random: () => 0.5 },
      also({ handle }) {
        expect(handle.waits[0]).toBeGreaterThan(0);
        expect(handle.waits[0]).toBeLessThanOrEqual(500);
      },
    }),
    {
      title: "waits grow and stay below their cap",
      dial,
      script: (_request, index) => (index < 30 ? status(500) : one),
      behaviour: { random: () => 0.999, retryCapMs: 8000 },
      statuses: [...Array.from({ length: 30 }, () => ["connecting", "waiting"] as const).flat(), "connecting", "open"],
      messages: [1],
      requests: 31,
      code: "http-status",
      also({ handle }) {
        expect(handle.waits[0]).toBeLessThan(1000);
        expect(handle.waits).toEqual(handle.waits.toSorted((a, b) => a - b));
        expect(handle.waits.at(-1)).toBeCloseTo(7992);
      },
    },
    {
      title: "an open line that brings nothing does not reset the count",
      dial,
      script: (_request, index) => (index < 12 ? events(": hello\n\n", fin) : one),
      behaviour: { random: () => 0.999 },
      statuses: [
        ...Array.from({ length: 12 }, () => ["connecting", "open", "waiting"] as const).flat(),
        "connecting",
        "open",
      ],
      messages: [1],
      requests: 13,
      also: ({ handle }) => expect(handle.waits.at(-1)).toBeGreaterThan(5 * (handle.waits[0] ?? 0)),
    },
    {
      title: "retries end where an end was set",
      dial,
      script: () => status(500),
      behaviour: { maxRetries: 2 },
      statuses: ["connecting", "waiting", "connecting", "waiting", "connecting", "failed"],
      requests: 3,
      code: "retries-spent",
      also: ({ error }) => expect(error?.cause).toMatchObject({ code: "http-status" }),
    },
  ]);
});
