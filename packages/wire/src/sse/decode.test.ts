import { createParser } from "eventsource-parser";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { createSseDecoder } from "./decode.ts";
import { encodeSse } from "./encode.ts";

type Seen = readonly [data: string, type: string, id: string];

function decode(chunks: Iterable<string>, lastEventId = "") {
  const events: Seen[] = [];
  const retries: number[] = [];
  const comments: string[] = [];
  const ids: string[] = [];
  const decoder = createSseDecoder(
    {
      onEvent: (data, type, id) => events.push([data, type, id]),
      onId: (id) => ids.push(id),
      onRetry: (ms) => retries.push(ms),
      onComment: (text) => comments.push(text),
    },
    lastEventId,
  );
  for (const chunk of chunks) decoder.feed(chunk);
  return { events, retries, comments, ids };
}

describe("the standard's cases", () => {
  const cases: [name: string, stream: string, events: Seen[]][] = [
    ["a line of data", "data: a\n\n", [["a", "message", ""]]],
    ["no space after the colon", "data:a\n\n", [["a", "message", ""]]],
    ["only one space is the separator", "data:  a\n\n", [[" a", "message", ""]]],
    ["several lines of data", "data: a\ndata: b\n\n", [["a\nb", "message", ""]]],
    [
      "data without a colon",
      "data\n\ndata\ndata\n\n",
      [
        ["", "message", ""],
        ["\n", "message", ""],
      ],
    ],
    ["empty data", "data:\n\n", [["", "message", ""]]],
    ["CRLF", "data: a\r\ndata: b\r\n\r\n", [["a\nb", "message", ""]]],
    [
      "bare CR",
      "data: a\rdata: b\r\rdata: c\n\n",
      [
        ["a\nb", "message", ""],
        ["c", "message", ""],
      ],
    ],
    ["mixed line ends", "data: a\r\ndata: b\ndata: c\r\r\n", [["a\nb\nc", "message", ""]]],
    ["a type", "event: tick\ndata: a\n\n", [["a", "tick", ""]]],
    ["an empty type", "event: tick\nevent:\ndata: a\n\n", [["a", "message", ""]]],
    ["a type without data", "event: tick\n\ndata: a\n\n", [["a", "message", ""]]],
    [
      "an id that stays",
      "id: 1\ndata: a\n\ndata: b\n\n",
      [
        ["a", "message", "1"],
        ["b", "message", "1"],
      ],
    ],
    [
      "an empty id",
      "id: 1\ndata: a\n\nid\ndata: b\n\n",
      [
        ["a", "message", "1"],
        ["b", "message", ""],
      ],
    ],
    ["an id without data", "id: 1\n\ndata: a\n\n", [["a", "message", "1"]]],
    [
      "an id with NUL",
      "id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n",
      [
        ["a", "message", "1"],
        ["b", "message", "1"],
      ],
    ],
    ["comments", ": hello\n:\n\ndata: a\n: in between\n\n", [["a", "message", ""]]],
    ["a byte order mark at the start", "\ufeffdata: a\n\n", [["a", "message", ""]]],
    ["a second byte order mark", "\ufeff\ufeffdata: a\n\ndata: b\n\n", [["b", "message", ""]]],
    ["unknown fields", "datas: x\nfoo: bar\n data: x\ndata: a\n\n", [["a", "message", ""]]],
    ["field names in capitals", "DATA: x\nData: x\n\n", []],
    ["a colon in the value", "data: a: b\n\n", [["a: b", "message", ""]]],
    ["a line separator that is not one here", "data: a\u2028b\u0085c\n\n", [["a\u2028b\u0085c", "message", ""]]],
    ["an event cut off by the end", "data: a\n\ndata: b\n", [["a", "message", ""]]],
    ["blank lines alone", "\n\n\r\r\r\n\r\n", []],
  ];

  it.each(cases)("%s", (_name, stream, events) => {
    expect(decode([stream]).events).toEqual(events);
    expect(decode(stream).events, "one character at a time").toEqual(events);
  });

  it("takes a retry of digits and ignores every other", () => {
    expect(decode(["retry: 10\n\nretry: 1x\nretry: -1\nretry: 1.5\nretry:\nretry: 0\n\n"]).retries).toEqual([10, 0]);
  });

  it("hands comments on", () => {
    expect(decode([": a\n:b\n:\n"]).comments).toEqual(["a", "b", ""]);
  });

  it("moves the last event id only when the block ends", () => {
    expect(decode(["id: 1\n\nid: 2\n"]).ids).toEqual(["1"]);
  });

  it("begins with the id that an earlier stream ended with", () => {
    expect(decode(["data: a\n\n"], "41").events).toEqual([["a", "message", "41"]]);
  });
});

describe("feeding", () => {
  it("says too-large for a line over the limit, however it is cut", () => {
    const onEvent = vi.fn();
    const tooLarge = expect.objectContaining({ code: "too-large", message: expect.stringContaining("10 characters") });
    for (const chunks of [["data: 0123", "456789"], ["data: 0123456789a\n\n"], [": no event, but as long as one"]]) {
      const decoder = createSseDecoder({ onEvent, maxBufferSize: 10 });
      expect(() => chunks.forEach(decoder.feed)).toThrow(tooLarge);
    }
    expect(onEvent).not.toHaveBeenCalled();
  });

  it("hands on what came before the event that is too large", () => {
    const onEvent = vi.fn();
    const decoder = createSseDecoder({ onEvent, maxBufferSize: 10 });
    expect(() => decoder.feed("data: a\n\ndata: 0123456789a\n\ndata: b\n\n")).toThrow();
    expect(onEvent.mock.calls).toEqual([["a", "message", ""]]);
  });

  it("is linear in what it is fed: a line in a million pieces, and line ends without number", () => {
    const long = "x".repeat(500_000);
    expect(decode(["data: ", ...long, "\n\n"]).events).toEqual([[long, "message", ""]]);
    expect(decode(["\r".repeat(1_000_000), "data: a\r\r"]).events).toEqual([["a", "message", ""]]);
    expect(decode(["data\n".repeat(200_000), "\n"]).events).toEqual([["\n".repeat(199_999), "message", ""]]);
  });

  it("says too-large for many short lines of one event", () => {
    const decoder = createSseDecoder({ onEvent: () => {}, maxBufferSize: 100 });
    expect(() => decoder.feed("data: 0123456789\n".repeat(11))).toThrow(expect.objectContaining({ code: "too-large" }));
  });
});

describe("encode, cut anywhere, decode", () => {
  const nasty = fc.constantFrom("\n", "\r", "\r\n", "\0", "\u2028", "\ufeff", " ", ":", "data:", "\ud800", "é", "😀");
  const freeText = fc.array(fc.oneof(nasty, fc.string({ unit: "grapheme" })), { maxLength: 8 }).map((p) => p.join(""));
  const oneLine = freeText.map((value) => value.replace(/[\r\n\0]/g, ""));
  const block = fc.record(
    { event: oneLine, id: oneLine, retry: fc.nat(), comment: freeText, data: freeText },
    { requiredKeys: ["data"] },
  );
  const cut = (text: string, sizes: readonly number[]) => {
    const chunks: string[] = [];
    for (let at = 0, i = 0; at < text.length; i += 1) {
      const size = sizes[i % sizes.length] ?? 1;
      chunks.push(text.slice(at, at + size));
      at += size;
    }
    return chunks;
  };

  it("gives the same events back", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(block, { maxLength: 5 }), sizes, (blocks, lengths) => {
        const { events, retries } = decode(cut(blocks.map(encodeSse).join(""), lengths));
        let id = "";
        const expected = blocks.map((sent): Seen => {
          id = sent.id ?? id;
          return [sent.data.replace(/\r\n|\r/g, "\n"), sent.event || "message", id];
        });
        expect(events).toEqual(expected);
        expect(retries).toEqual(blocks.flatMap((sent) => (sent.retry === undefined ? [] : [sent.retry])));
      }),
      { numRuns: 500 },
    );
  });

  it("agrees with another parser about any text, cut anywhere", () => {
    const piece = fc.constantFrom(
      "data",
      "event",
      "id",
      "retry",
      ":",
      ": ",
      "\n",
      "\r",
      "\r\n",
      "\ufeff",
      "\0",
      "7",
      "é",
    );
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), sizes, (pieces, lengths) => {
        const text = pieces.join("");
        const events: Seen[] = [];
        const retries: number[] = [];
        const comments: string[] = [];
        const ids: string[] = [];
        const other = createParser({
          onEvent: ({ data, event }) => events.push([data, event ?? "message", ids.at(-1) ?? ""]),
          onId: (id) => ids.push(id),
          onRetry: (ms) => retries.push(ms),
          onComment: (comment) => comments.push(comment),
        });
        other.feed(text);
        expect(decode(cut(text, lengths))).toEqual({ events, retries, comments, ids });
      }),
      { numRuns: 3000 },
    );
  });

  it("survives the way through UTF-8", () => {
    fc.assert(
      fc.property(freeText, (data) => {
        const bytes = new TextEncoder().encode(encodeSse({ data }));
        const { events } = decode([new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)]);
        const wellFormed = new TextDecoder("utf-8", { ignoreBOM: true }).decode(new TextEncoder().encode(data));
        expect(events).toEqual([[wellFormed.replace(/\r\n|\r/g, "\n"), "message", ""]]);
      }),
    );
  });
});
