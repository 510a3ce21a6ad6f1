import { describe, expect, it } from "vitest";
import { TidewireError } from "../error.ts";
import { encodeSse } from "./encode.ts";

describe("encodeSse", () => {
  it.each([
    [{ data: "a" }, "data: a\n\n"],
    [{ data: "" }, "data: \n\n"],
    [{ data: " a" }, "data:  a\n\n"],
    [{ data: "a\nb" }, "data: a\ndata: b\n\n"],
    [{ data: "a\r\nb\rc\n" }, "data: a\ndata: b\ndata: c\ndata: \n\n"],
    [{ data: "a\r\revent: x" }, "data: a\ndata: \ndata: event: x\n\n"],
    [{ data: "\u2028\u2029\u0085\0\ufeff" }, "data: \u2028\u2029\u0085\0\ufeff\n\n"],
    [{ comment: "x\ndata: y" }, ": x\n: data: y\n\n"],
    [{ comment: "" }, ": \n\n"],
    [{ retry: 0 }, "retry: 0\n\n"],
    [{ id: "" }, "id: \n\n"],
    [{ event: "tick", id: "7", data: "a", retry: 5, comment: "c" }, ": c\nretry: 5\nevent: tick\nid: 7\ndata: a\n\n"],
  ])("writes %j", (block, expected) => {
    expect(encodeSse(block)).toBe(expected);
  });

  it.each([
    [{ id: "a\nb", data: "" }, /`id`/],
    [{ id: "a\rb", data: "" }, /`id`/],
    [{ id: "a\0b", data: "" }, /`id`/],
    [{ event: "a\ndata: b", data: "" }, /`event`/],
    [{ event: "a\r", data: "" }, /`event`/],
    [{ event: "a\0", data: "" }, /`event`/],
    [{ event: "a" }, /data/],
    [{ retry: -1 }, /`retry`/],
    [{ retry: 1.5 }, /`retry`/],
    [{ retry: Number.NaN }, /`retry`/],
    [{ retry: Number.POSITIVE_INFINITY }, /`retry`/],
    [{}, /at least one/],
  ])("refuses %j", (block, message) => {
    expect(() => encodeSse(block)).toThrow(message);
    expect(() => encodeSse(block)).toThrow(TidewireError);
  });
});
