import { ndjson } from "@tidewire/core";
import { describe, expect, it } from "vitest";
import { open } from "./driver.ts";
import { fin, type Part, status } from "./replies.ts";
import { type Row, runTable } from "./row.ts";
import { createScriptedServer, type Reply } from "./scripted-server.ts";

/** Lines of JSON, whose bytes are exactly these. */
const jsonLines =
  (...parts: readonly Part[]): Reply =>
  async (exchange) => {
    await exchange.head(200, { "content-type": "application/x-ndjson" });
    for (const part of parts) await (typeof part === "function" ? part(exchange) : exchange.write(part));
  };

const dial: Row["dial"] = (server) => ndjson(`${server.http}/lines`);

/** Bodies, whole, and the values in them. */
const bodies: readonly (readonly [title: string, body: string, values: readonly unknown[]])[] = [
  ["LF ends lines", '{"a":1}\n{"a":2}\n', [{ a: 1 }, { a: 2 }]],
  ["CRLF ends lines", '{"a":1}\r\n{"a":2}\r\n', [{ a: 1 }, { a: 2 }]],
  ["empty lines are nothing", "\n\r\n1\n\n\n2\n", [1, 2]],
  ["blanks around a value are nothing", " 1 \n\t2\n", [1, 2]],
  ["the last line needs no end", '1\n{"a":2}', [1, { a: 2 }]],
  ["characters of several bytes are whole", '"\u{1F30A}é"\n', ["\u{1F30A}é"]],
  ["U+2028 ends no line", '"a\u2028b"\n', ["a\u2028b"]],
];

describe("lines of JSON", () => {
  it.each(bodies)("%s, wherever they are cut", async (_title, body, values) => {
    const bytes = new TextEncoder().encode(body);
    await using server = await createScriptedServer(({ url }, index) => {
      const edge = Number(url.slice(1));
      return index % 2 === 0 ? jsonLines(bytes.subarray(0, edge), bytes.subarray(edge), fin) : status(204);
    });
    for (let edge = 0; edge < bytes.length; edge += 1) {
      using handle = open(ndjson(`${server.http}/${edge}`));
      await handle.until("closed");
      expect(handle.messages.map(({ data }) => data)).toEqual(values);
    }
  });

  runTable([
    {
      title: "a line that is no JSON is left out, and the stream goes on",
      dial,
      script: [jsonLines("1\n{oops\n3\n")],
      behaviour: { onError: () => {} },
      statuses: ["connecting", "open"],
      messages: [1, 3],
      requests: 1,
    },
    {
      title: "a line above the limit cuts the line with an error that says so",
      dial: (server) => ndjson(server.http, { maxMessageLength: 100 }),
      script: [jsonLines("1\n", ..."x".repeat(120)), status(204)],
      statuses: ["connecting", "open", "waiting", "connecting", "closed"],
      messages: [1],
      requests: 2,
      code: "too-large",
    },
    {
      title: "a cut drops the line that was under way",
      dial,
      script: [
        async (exchange) => {
          await exchange.head(200, { "content-type": "application/x-ndjson", "content-length": "100" });
          await exchange.write("1\n2");
          exchange.fin();
        },
        status(204),
      ],
      statuses: ["connecting", "open", "waiting", "connecting", "closed"],
      messages: [1],
      requests: 2,
      code: "network",
    },
    {
      title: "an event stream is something else",
      dial,
      script: [status(200, { "content-type": "text/event-stream" }, "data: 1\n\n")],
      statuses: ["connecting", "failed"],
      requests: 1,
      code: "content-type",
    },
  ]);
});
