import { sse, type TidewireError, text, websocket } from "@tidewire/core";
import { describe, expect } from "vitest";
import { events, webSocket } from "./replies.ts";
import { type Row, runTable } from "./row.ts";

const dials: Readonly<Record<"sse" | "websocket", Row["dial"]>> = {
  sse: (server) => sse(`${server.http}/stream`),
  websocket: (server) => websocket(`${server.ws}/stream`),
};
const kinds = Object.keys(dials) as (keyof typeof dials)[];

/** A server that says these things, whatever the wire. */
const says = (kind: keyof typeof dials, ...payloads: string[]): Row["script"] => [
  kind === "sse"
    ? events(payloads.map((payload) => `data: ${payload}\n\n`).join(""))
    : webSocket((peer) => {
        for (const payload of payloads) peer.send(payload);
      }),
];

const opened = ["connecting", "open"] as const;

describe.each(kinds)("over %s, a message that is no JSON", (kind) => {
  const bad = { dial: dials[kind], script: says(kind, "1", "{oops", "3"), requests: 1 };
  const reports: TidewireError[] = [];
  const onError = (error: TidewireError): void => void reports.push(error);
  runTable([
    {
      ...bad,
      title: "is left out and reported, and the stream goes on",
      behaviour: { onError },
      statuses: opened,
      messages: [1, 3],
      also: () =>
        expect(reports.splice(0)).toMatchObject([
          { code: "message-invalid", isFinal: false, detail: { sample: "{oops" } },
        ]),
    },
    {
      ...bad,
      title: "is handed on as it came where asked",
      behaviour: { onError, onInvalid: "raw" },
      statuses: opened,
      messages: [1, "{oops", 3],
      also: () => expect(reports.splice(0)).toHaveLength(1),
    },
    {
      ...bad,
      title: "ends the stream where asked",
      behaviour: { onError, onInvalid: "error" },
      statuses: ["connecting", "open", "failed"],
      messages: [1],
      code: "message-invalid",
      also: ({ handle }) => {
        reports.splice(0);
        expect(handle.end).toBe("errored");
      },
    },
  ]);
});

describe("a message", () => {
  runTable([
    {
      title: "has its type, its id and its data",
      dial: dials.sse,
      script: [events('event: tick\nid: 7\ndata: {"a":\ndata: 1}\n\n')],
      statuses: opened,
      messages: [{ a: 1 }],
      requests: 1,
      also: ({ handle }) =>
        expect(handle.messages).toEqual([{ data: { a: 1 }, type: "tick", id: "7", topic: undefined }]),
    },
    {
      title: "of a thousand in one chunk is told in order, once",
      dial: dials.sse,
      script: [events(Array.from({ length: 1000 }, (_, n) => `data: ${n}\n\n`).join(""))],
      statuses: opened,
      messages: Array.from({ length: 1000 }, (_, n) => n),
      requests: 1,
    },
    {
      title: "of a megabyte is whole",
      dial: dials.sse,
      script: [events(`data: ${"x".repeat(1_000_000)}\n\n`)],
      behaviour: { codec: text },
      statuses: opened,
      messages: ["x".repeat(1_000_000)],
      requests: 1,
    },
  ]);
});
