import { sse, text } from "@tidewire/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { open } from "./driver.ts";
import { bodyOf, messagesOf, type ParsingCase, parsingCases } from "./parsing-cases.ts";
import { events, fin, status } from "./replies.ts";
import { createScriptedServer, type Reply, type ScriptedServer } from "./scripted-server.ts";

/** Bodies up to this length are cut at every byte; longer ones once, and byte by byte. */
const SHORT = 64;

// `/case/edge` asks for one case, cut in two at `edge`, or byte by byte; whoever resumes is told that it is over.
const first = (path: string): Reply => {
  const [, index, edge] = path.split("/");
  const body = bodyOf(parsingCases[Number(index)] as ParsingCase);
  if (edge === "each") return events(...Array.from(body, (byte) => Uint8Array.of(byte)), fin);
  return events(body.subarray(0, Number(edge)), body.subarray(Number(edge)), fin);
};

let server: ScriptedServer;
beforeAll(async () => {
  const seen = new Set<string>();
  server = await createScriptedServer(({ url }) => {
    if (seen.has(url)) return status(204);
    seen.add(url);
    return first(url);
  });
});
afterAll(() => server[Symbol.asyncDispose]());

async function read(path: string) {
  using handle = open(sse(`${server.http}${path}`), { codec: text });
  await handle.until("closed");
  const resumed = server.requests.findLast((request) => request.url === path);
  return {
    edge: path.split("/").at(-1),
    messages: handle.messages.map(({ data, type, id }) => ({ data, type, id })),
    resumesAfter: resumed?.headers.get("last-event-id") ?? "",
  };
}

describe("an event stream means what the standard says, wherever it is cut", () => {
  it.each(parsingCases.map((parsingCase, index) => ({ ...parsingCase, index })))("$title", async (parsingCase) => {
    const { length } = bodyOf(parsingCase);
    const edges = length <= SHORT ? Array.from({ length }, (_, edge) => edge) : [0, length >> 1];
    const want = { messages: messagesOf(parsingCase), resumesAfter: parsingCase.resumesAfter ?? "" };
    for (const edge of [...edges, "each"]) {
      expect(await read(`/${parsingCase.index}/${edge}`)).toEqual({ edge: `${edge}`, ...want });
    }
  });
});
