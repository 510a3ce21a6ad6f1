import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeDown } from "./batch-down.ts";
import { decodeUp, decodeUpRequest } from "./batch-up.ts";
import { afterClose, CloseCode } from "./close-code.ts";
import { encodeBatch } from "./frame-check.ts";
import type { DownFrame, MessageFrame, UpFrame } from "./frames.ts";

const up: UpFrame[] = [
  {
    k: "hello",
    v: 1,
    gen: 1,
    subs: [
      { t: "a", e: 1, o: 0 },
      { t: "__proto__", from: 5 },
    ],
    sid: "s",
    n: 1,
    ping: 5000,
  },
  { k: "sub", id: 1, t: "a", from: "earliest" },
  { k: "unsub", id: 2, t: "a" },
  { k: "pub", n: 1, t: "a", d: null },
  { k: "call", n: 2, id: 3, m: "add", d: [1, 2] },
  { k: "auth", id: 4, token: "t" },
  { k: "pong", ts: 0 },
  { k: "switch", gen: 2 },
  { k: "switch", gen: 2, n: 7 },
  { k: "bye", code: 1000 },
];

const down: (DownFrame | MessageFrame)[] = [
  { k: "welcome", v: 1, sid: "s", gen: 1, node: "n", ping: 10_000, ack: 0, max: 65_536 },
  { k: "sub", t: "a", a: 1, e: 1, o: 0, mode: "fresh" },
  [1, 1, 0, { text: "line\nbreak\u2028" }],
  { k: "live", t: "a", o: 1 },
  { k: "gap", t: "a", e: 2, from: 1, to: 0, why: "epoch" },
  { k: "end", t: "a", code: 4403, msg: "no" },
  { k: "ack", n: 1 },
  { k: "ok", id: 1, d: 3 },
  { k: "err", n: 1, code: 4403, msg: "no" },
  { k: "ping", ts: 1 },
  { k: "exp", in: 1000 },
  { k: "move", after: 10, why: "drain" },
  { k: "bye", code: 4503, msg: "later", after: 5 },
];

describe("a batch", () => {
  it("comes back as it went, up and down", () => {
    expect(decodeUp(encodeBatch(up))).toEqual(up);
    expect(decodeDown(encodeBatch(down))).toEqual(down);
    const request = { sid: "s", gen: 1, n: 1, frames: up.slice(3, 5) };
    expect(decodeUpRequest(JSON.stringify(request))).toEqual(request);
  });

  it("loses kinds that are not known here, and keeps unknown fields", () => {
    expect(decodeUp('{"k":"later","x":1}\n{"k":"pong","ts":1,"more":true}')).toEqual([
      { k: "pong", ts: 1, more: true },
    ]);
    expect(decodeDown('{"k":"later"}\n[1,2,1,3,"more"]')).toEqual([[1, 2, 1, 3, "more"]]);
    expect(decodeUp('{"k":"later"}')).toEqual([]);
  });

  it.each([
    "",
    "\n",
    "null",
    "1",
    '"a"',
    "[]",
    "{}",
    '{"k":1}',
    '{"k":null}',
    '{"k":"pong"}',
    '{"k":"pong","ts":-1}',
    '{"k":"pong","ts":"1"}',
    '{"k":"hello","v":1,"gen":1}',
    '{"k":"hello","v":1,"gen":1,"subs":{}}',
    '{"k":"hello","v":1,"gen":1,"subs":[null]}',
    '{"k":"hello","v":1,"gen":1,"subs":[{"t":""}]}',
    '{"k":"hello","v":1,"gen":1,"subs":[{"t":"a","e":1}]}',
    '{"k":"hello","v":1,"gen":1,"subs":[],"n":0}',
    '{"k":"sub","id":1,"t":"a\\n"}',
    '{"k":"sub","id":1,"t":"a","o":1}',
    '{"k":"sub","id":1,"t":"a","from":-1}',
    '{"k":"pub","n":1,"t":"a"}',
    `{"k":"auth","id":1,"token":"${"x".repeat(20_000)}"}`,
    '{"k":"pong","ts":1}{"k":"pong","ts":1}',
    '{"k":"pong","ts":1},',
    "[".repeat(100_000),
    '{"k":"__proto__"}\n1',
    '{"k":"pong","ts":9007199254740993}',
  ])("is refused when it is %.60s", (text) => {
    expect(decodeUp(text)).toBeUndefined();
  });

  it.each([
    "[]",
    "[1,2,3]",
    "[1,2,1]",
    "[1,1,1,0]",
    '["1",2,1,0]',
    "[1,2,-1,0]",
    '{"k":"live","t":"a"}',
    "1",
    "[1,2,1,0",
  ])("from a hub is refused when it is %s", (text) => {
    expect(decodeDown(text)).toBeUndefined();
  });

  it.each([
    "",
    "[]",
    "null",
    "{}",
    '{"sid":"s","gen":1,"n":1}',
    '{"sid":1,"gen":1,"n":1,"frames":[]}',
    '{"sid":"s","gen":1,"n":1,"frames":[1]}',
  ])("is no body of a POST when it is %s", (text) => {
    expect(decodeUpRequest(text)).toBeUndefined();
  });

  it("never throws, whatever comes", () => {
    const frame = fc.record(
      {
        k: fc.oneof(fc.constantFrom(...up.map(({ k }) => k), "__proto__", "constructor"), fc.anything()),
        n: fc.anything(),
        t: fc.anything(),
        d: fc.jsonValue(),
        subs: fc.anything(),
        gen: fc.anything(),
        v: fc.anything(),
        id: fc.anything(),
      },
      { requiredKeys: ["k"] },
    );
    const hostile = fc.oneof(
      fc.string(),
      fc.json(),
      frame.map((value) => {
        try {
          return JSON.stringify(value);
        } catch {
          return "{";
        }
      }),
    );
    fc.assert(
      fc.property(
        fc.array(hostile).map((parts) => parts.join("\n")),
        (text) => {
          for (const decode of [decodeUp, decodeDown, decodeUpRequest]) {
            const result = decode(text ?? "");
            expect(result === undefined || typeof result === "object").toBe(true);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe("a close code", () => {
  it("says what to do by its range", () => {
    for (const code of Object.values(CloseCode)) {
      expect(afterClose(code)).toBe(code < 4500 ? "final" : code < 4600 ? "back-off" : "at-once");
    }
    expect([1000, 1002, 1009].map(afterClose)).toEqual(["final", "final", "final"]);
    expect([1001, 1006, 1011, 1012, 1013, 3000].map(afterClose)).toEqual(Array(6).fill("back-off"));
  });
});
