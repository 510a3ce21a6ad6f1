import { expect, test } from "vitest";
import { failure } from "./failure.ts";
import { keysOf } from "./names.ts";
import { redis } from "./redis.ts";

const options = (given: object) => given as Parameters<typeof redis>[0];

test.each([
  [{}, /takes what createClient/],
  [{ client: { nodes: () => [], call: () => {}, status: "" } }, /for a cluster use the package redis/],
  [{ client: { masters: [] }, name: "a b" }, /letters, digits/],
  [{ client: { masters: [] }, idempotencyMs: 0 }, /idempotencyMs/],
  [{ client: { masters: [] }, metaMs: Number.NaN }, /metaMs/],
])("options that cannot work are refused at once: %o", (given, message) => {
  expect(() => redis(options(given))).toThrow(message);
});

test("a topic's keys are in one slot of a cluster, whatever it is called", () => {
  const tagOf = (key: string) => /\{([^}]*)\}/.exec(key)?.[1];
  for (const topic of ["a", "}", "{", "{}", "a{b}c", "}{", "%7D", "é:{x}*>.,= "]) {
    const [stream, meta] = keysOf("tidewire", topic);
    expect(tagOf(stream)).not.toBe("");
    expect(tagOf(stream)).toBe(tagOf(meta));
  }
  expect(keysOf("n", "}")).not.toEqual(keysOf("n", "%7D"));
});

test("errors name what to do, and carry no command, password or user", () => {
  const secret = Object.assign(new Error("WRONGPASS invalid username-password pair"), {
    command: { name: "auth", args: ["me", "hunter2"] },
  });
  const told = failure(secret);
  expect(told).toMatchObject({ code: "network", detail: { reason: "WRONGPASS" } });
  expect(told.cause).toBeUndefined();
  expect(told.message).toMatch(/refuses the user or the password/);
  expect(JSON.stringify({ ...told, message: told.message })).not.toContain("hunter2");
  expect(failure(new Error("cannot dial redis://me:hunter2@host:1")).message).not.toContain("hunter2");
  expect(failure(new Error("OOM command not allowed")).message).toMatch(/maxmemory/);
  expect(failure(new Error("connect ECONNREFUSED 127.0.0.1:1"))).toMatchObject({ code: "network" });
});
