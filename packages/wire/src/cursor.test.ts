import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Cursor, compareCursors, formatVector, isCursor, MAX_VECTOR_LENGTH, parseVector } from "./cursor.ts";
import { isTopicName } from "./topic.ts";

const topic = fc
  .oneof(fc.string({ unit: "grapheme", maxLength: 20 }), fc.constantFrom("__proto__", "a,b=c", "constructor", "%41"))
  .filter(isTopicName);
const count = fc.oneof(fc.nat(), fc.maxSafeNat(), fc.constantFrom(0, Number.MAX_SAFE_INTEGER));
const cursor: fc.Arbitrary<Cursor> = fc.record({ e: count, o: count });

describe("a vector as text", () => {
  it("is short and readable", () => {
    expect(formatVector(new Map([["prices.AAPL", { e: 1_700_000_000_000, o: 36 }]]))).toBe("prices.AAPL=loyw3v28.10");
  });

  it("comes back as it went, as ASCII without spaces", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(topic, cursor), { maxLength: 6 }), (entries) => {
        const vector = new Map(entries);
        const text = formatVector(vector) as string;
        expect(text).toMatch(/^[!-~]*$/);
        expect(parseVector(text)).toEqual(vector);
      }),
    );
  });

  it("is refused over 2 KB in both directions", () => {
    const vector = new Map(Array.from({ length: 40 }, (_, i) => [`${"é".repeat(10)}${i}`, { e: 1, o: 1 }]));
    expect(formatVector(vector)).toBeUndefined();
    const long = Array.from({ length: 300 }, (_, i) => `topic${i}=1.1`).join(",");
    expect(long.length).toBeGreaterThan(MAX_VECTOR_LENGTH);
    expect(parseVector(long)).toBeUndefined();
  });

  it("keeps a topic named __proto__ a topic", () => {
    const vector = parseVector("__proto__=1.2");
    expect(vector?.get("__proto__")).toEqual({ e: 1, o: 2 });
    expect(({} as { o?: number }).o).toBeUndefined();
  });

  it.each([
    "a",
    "a=",
    "a=1",
    "a=1.",
    "a=.1",
    "a=1.1,",
    ",a=1.1",
    "a=1.1,,b=1.1",
    "=1.1",
    "a=-1.1",
    "a=1.1.1",
    "a= 1.1",
    "a=1.1 ",
    "a=zzzzzzzzzzz.1",
    "a=1.zzzzzzzzzzzz",
    "a=1.1,a=1.2",
    "%=1.1",
    "%ff=1.1",
    "%0a=1.1",
    "%61=1.1",
    "a=1.1\n",
    "a=A.1",
    "null",
    "{}",
    '{"a":1}',
    "42",
    "a b=1.1",
  ])("gives undefined for %j", (text) => {
    expect(parseVector(text)).toBeUndefined();
  });

  it("never throws, whatever comes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), (name, rest) => {
        for (const text of [name, `${name}=1.1`, `a=${rest}`, `a=1.1,${name}${rest}`]) {
          const vector = parseVector(text);
          if (vector) expect(formatVector(vector)).toBe(text);
        }
      }),
    );
  });
});

describe("cursors", () => {
  it("are ordered by epoch, then by offset", () => {
    fc.assert(
      fc.property(cursor, cursor, (a, b) => {
        const expected = a.e === b.e ? Math.sign(a.o - b.o) : Math.sign(a.e - b.e);
        expect(Math.sign(compareCursors(a, b))).toBe(expected);
        expect(Math.sign(compareCursors(b, a))).toBe(-expected + 0);
      }),
    );
  });

  it.each([
    null,
    undefined,
    1,
    "1",
    {},
    { e: 1 },
    { e: 1, o: -1 },
    { e: 1.5, o: 1 },
    { e: 2 ** 53, o: 1 },
    { e: "1", o: 1 },
  ])("%j is none", (value) => {
    expect(isCursor(value)).toBe(false);
  });
});
