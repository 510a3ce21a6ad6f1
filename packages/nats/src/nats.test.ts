import { headers } from "@nats-io/nats-core";
import { expect, test } from "vitest";
import { failure } from "./failure.ts";
import { MARK, readMark, writeMark } from "./mark.ts";
import { tokenOf } from "./names.ts";
import { nats } from "./nats.ts";

const options = (given: object) => given as Parameters<typeof nats>[0];
const connect = () => Promise.reject(new Error("never"));

test.each([
  [{}, /takes a function/],
  [{ connect, name: "a.b" }, /letters, digits/],
  [{ connect, idempotencyMs: 0 }, /idempotencyMs/],
  [{ connect, replicas: 1.5 }, /replicas/],
  [{ connect, maxWaiting: Number.NaN }, /maxWaiting/],
])("options that cannot work are refused at once: %o", (given, message) => {
  expect(() => nats(options(given))).toThrow(message);
});

test("every topic is one token of a subject, and no two are the same", () => {
  const names = ["a", "A", ".", "*", ">", " ", "$", "a.b", "a=002eb", "a=b", "é", "\ud800", "😀", "_-"];
  const tokens = names.map(tokenOf);
  for (const token of tokens) expect(token).toMatch(/^[\w=-]+$/);
  expect(new Set(tokens).size).toBe(names.length);
});

test("a mark is read as it was written, and what has none is nobody's message", () => {
  const keep = { retainMessages: 10, retainBytes: Number.POSITIVE_INFINITY, retainMs: 5 };
  const mark = { e: 7, id: "x", at: 9, isFirst: true, keep };
  const written = headers();
  written.set(MARK, writeMark(mark));
  expect(readMark(written)).toEqual(mark);
  expect(readMark(headers())).toBeUndefined();
  expect(readMark(undefined)).toBeUndefined();
});

test("errors name what to do, and carry no password or user", () => {
  const secret = Object.assign(new Error("cannot dial nats://me:hunter2@host:1"), { options: { pass: "hunter2" } });
  const told = failure(secret);
  expect(told).toMatchObject({ code: "network" });
  expect(told.cause).toBeUndefined();
  expect(JSON.stringify({ ...told, message: told.message })).not.toContain("hunter2");
  expect(failure(new Error("max_payload size exceeded"))).toMatchObject({ code: "too-large" });
});
