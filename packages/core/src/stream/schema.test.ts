import * as v from "valibot";
import { expect, test } from "vitest";
import { z } from "zod";
import { type Schema, validate } from "./schema.ts";

const schemas: [string, Schema<unknown, { n: number }>][] = [
  ["zod", z.object({ n: z.number() })],
  ["valibot", v.object({ n: v.number() })],
];

test.for(schemas)("%s gives the value when it fits", ([, schema]) => {
  expect(validate(schema, { n: 1, more: true })).toMatchObject({ n: 1 });
});

test.for(schemas)("%s says where the value does not fit", ([, schema]) => {
  expect(() => validate(schema, { n: "1" })).toThrow(/n: /);
});

test("a schema that waits is refused, because messages keep their order", () => {
  const slow: Schema = { "~standard": { version: 1, vendor: "test", validate: async (value) => ({ value }) } };
  expect(() => validate(slow, 1)).toThrow(/asynchronous/);
});
