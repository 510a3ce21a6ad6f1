import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { httpTransport } from "./http.ts";
import type { LineEnd } from "./transport.ts";

/** Plays a body of these chunks, and gives the text that the format was fed. */
async function textOf(chunks: readonly Uint8Array[]): Promise<string> {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  const fetch = async (): Promise<Response> => new Response(body, { headers: { "content-type": "text/plain" } });
  let text = "";
  const transport = httpTransport(
    "https://text.test/",
    { fetch },
    {
      kind: "text",
      contentTypes: ["text/plain"],
      decoder: () => ({
        feed(piece) {
          text += piece;
        },
      }),
    },
  );
  const nothing = (): void => {};
  const told = { opened: nothing, caughtUp: nothing, alive: nothing, message: nothing };
  const end = await new Promise<LineEnd>((closed) => {
    const events = { ...told, resumeAt: nothing, retryHint: nothing, closed };
    transport.open({ lastEventId: "", token: undefined }, events);
  });
  expect(end).toEqual({});
  return text;
}

test("bytes cut anywhere are the text that they are in one piece", async () => {
  // Whole characters of one to four bytes, halves of them, and bytes that no text has.
  const piece = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 3 }).map((text) => [...new TextEncoder().encode(text)]),
    fc.constantFrom([0xe2, 0x82], [0xf0, 0x9f], [0xc3], [0x80], [0xff], [0xef, 0xbb, 0xbf], [0x0a]),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece), fc.array(fc.nat(6), { minLength: 1 }), async (pieces, sizes) => {
      const bytes = new Uint8Array([...pieces.flat(), 0x2e]);
      const chunks: Uint8Array[] = [];
      for (let at = 0, cut = 0; at < bytes.length; cut += 1) {
        const size = cut < 100 ? (sizes[cut % sizes.length] ?? 1) : bytes.length;
        chunks.push(bytes.slice(at, at + size));
        at += size;
      }
      expect(await textOf(chunks)).toBe(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
    }),
    { numRuns: 500 },
  );
});

test("a chunk that ends in ASCII is decoded as a whole, any other as a part", async () => {
  const decode = vi.spyOn(TextDecoder.prototype, "decode");
  await textOf(["a", "é", "b"].map((text) => new TextEncoder().encode(text)));
  expect(decode.mock.calls.map(([, options]) => options?.stream)).toEqual([false, true, false]);
  decode.mockRestore();
});
