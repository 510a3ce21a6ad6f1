import { describe, expect, it } from "vitest";
import { json, text } from "./codec-json.ts";

const invalid = expect.objectContaining({ code: "message-invalid" });

describe("json", () => {
  it("reads text and bytes", () => {
    expect(json.decode('{"a":[1,"é"]}')).toEqual({ a: [1, "é"] });
    expect(json.decode(new TextEncoder().encode('"é"'))).toBe("é");
    expect(json.decode(new TextEncoder().encode("[1]").buffer)).toEqual([1]);
  });

  it("says what it could not read", () => {
    expect(() => json.decode("<html>")).toThrow(SyntaxError);
    expect(() => json.decode(new Blob(["1"]))).toThrow(/ArrayBuffer/);
  });

  it("writes values", () => {
    expect(json.encode({ a: 1, b: undefined })).toBe('{"a":1}');
    expect(json.encode(null)).toBe("null");
  });

  it("refuses what would vanish", () => {
    const loop: unknown[] = [];
    loop.push(loop);
    for (const value of [undefined, () => {}, Symbol("s"), 1n, loop]) expect(() => json.encode(value)).toThrow(invalid);
  });

  it("keeps __proto__ in hostile JSON an ordinary key", () => {
    const value = json.decode('{"__proto__":{"polluted":true}}') as object;
    expect(Object.hasOwn(value, "__proto__")).toBe(true);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe("text", () => {
  it("hands strings through and refuses the rest", () => {
    expect(text.decode("a\n")).toBe("a\n");
    expect(text.encode("a\n")).toBe("a\n");
    expect(() => text.encode(1 as never)).toThrow(/json codec/);
  });
});
