import { expect, test } from "vitest";
import { ndjson } from "./ndjson.ts";
import type { LineEnd } from "./transport.ts";

/** Plays a body, cut into these pieces, and gives what the line said of it. */
async function play(pieces: readonly (string | Uint8Array)[], type = "application/x-ndjson", maxMessageLength = 100) {
  const messages: unknown[] = [];
  const requests: Request[] = [];
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) {
        controller.enqueue(typeof piece === "string" ? new TextEncoder().encode(piece) : piece);
      }
      controller.close();
    },
  });
  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    requests.push(new Request(url, init));
    return new Response(body, { headers: { "content-type": type } });
  };
  const transport = ndjson("https://lines.test/", { fetch, maxMessageLength });
  const end = await new Promise<LineEnd>((closed) => {
    transport.open(
      { lastEventId: "", token: undefined },
      {
        opened() {},
        caughtUp() {},
        alive() {},
        message: (payload) => messages.push(payload),
        resumeAt() {},
        retryHint() {},
        closed,
      },
    );
  });
  return { messages, end, accept: requests[0]?.headers.get("accept"), transport };
}

test.for([
  ["one line each", ["1\n2\n"], ["1", "2"]],
  ["lines cut anywhere", ['{"a"', ":1", "}\n", "2\n3", "\n"], ['{"a":1}', "2", "3"]],
  ["CRLF, cut in two", ["1\r", "\n2\r\n"], ["1", "2"]],
  ["empty lines, which keep a line alive", ["\n\n1\n \n2\n\n"], ["1", "2"]],
  ["a last line without a newline, at a clean end", ["1\n", "2"], ["1", "2"]],
  ["nothing at all", [], []],
] satisfies [string, string[], string[]][])("%s", async ([, pieces, expected]) => {
  const { messages, end } = await play(pieces);
  expect(messages).toEqual(expected);
  expect(end).toEqual({});
});

test("characters cut in the middle are whole again", async () => {
  const bytes = [...new TextEncoder().encode('"é"\n')].map((byte) => Uint8Array.of(byte));
  expect((await play(bytes)).messages).toEqual(['"é"']);
});

test.for(["application/x-ndjson", "application/jsonl; charset=utf-8", "application/NDJSON"])(
  "%s is accepted, and asked for",
  async (type) => {
    const { messages, accept } = await play(["1\n"], type);
    expect(messages).toEqual(["1"]);
    expect(accept).toBe("application/x-ndjson,application/ndjson,application/jsonl");
  },
);

test("another content type is refused", async () => {
  const { end } = await play(["1\n"], "text/html");
  expect(end).toMatchObject({ error: { code: "content-type", isFinal: true } });
});

test("a line beyond the limit is too large, in one piece or in many", async () => {
  for (const pieces of [["x".repeat(101)], Array<string>(101).fill("x")]) {
    expect((await play(pieces)).end).toMatchObject({ error: { code: "too-large", isFinal: false } });
  }
  expect((await play([`${"x".repeat(100)}\n`])).messages).toHaveLength(1);
});
