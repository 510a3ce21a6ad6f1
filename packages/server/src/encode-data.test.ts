import { describe, expect, it } from "vitest";
import { encodeData } from "./encode-data.ts";

const encode = (data: unknown) => encodeData(data, "the message to a");

describe("data of the application", () => {
  it("becomes JSON", () => {
    expect(encode({ a: [1, null, "null"], at: new Date(0), b: undefined })).toBe(
      '{"a":[1,null,"null"],"at":"1970-01-01T00:00:00.000Z"}',
    );
  });

  it("is refused, with a message that says what is wrong, where JSON has no word for it", () => {
    const loop: unknown[] = [];
    loop.push(loop);
    const broken = {
      toJSON: () => {
        throw new Error("not now");
      },
    };
    for (const [data, words] of [
      [undefined, "the message to a is undefined"],
      [() => {}, "the message to a is a function"],
      [Symbol("s"), "the message to a is a symbol"],
      [1n, /cannot be written as JSON: .*BigInt/],
      [loop, /cannot be written as JSON: .*circular/],
      [broken, "cannot be written as JSON: not now"],
      [Number.NaN, "the message to a is NaN, for which"],
      [{ prices: [1, { bid: Number.POSITIVE_INFINITY }] }, "the message to a is Infinity at .prices[1].bid"],
    ] as const) {
      expect(() => encode(data)).toThrow(words);
      expect(() => encode(data)).toThrow(expect.objectContaining({ code: "message-invalid" }));
    }
  });
});
