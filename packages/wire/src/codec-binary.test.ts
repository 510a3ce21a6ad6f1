import { expect, test } from "vitest";
import { binary } from "./codec-binary.ts";

test.for([new ArrayBuffer(2), new Uint8Array(2), new Blob(["a"])])("%s is carried as it is, both ways", (value) => {
  expect(binary.decode(value)).toBe(value);
  expect(binary.encode(value)).toBe(value);
});

test("text among the bytes is refused, and names the codecs that take it", () => {
  expect(() => binary.decode("a")).toThrow(/text or json/);
  expect(() => binary.encode("a" as never)).toThrow(expect.objectContaining({ code: "message-invalid" }));
});
