import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { examplesOf, fileOf } from "../readme/examples.ts";

/** The examples are files that the packages' own suites run; their READMEs must show just these. */
describe.each(["react", "vue", "svelte", "angular", "solid", "nest"])("the README of @tidewire/%s", (framework) => {
  const shown = examplesOf(readFileSync(fileOf(`packages/${framework}/README.md`), "utf8"));
  const folder = fileOf(`packages/${framework}/src/examples/`);

  test("shows every example that is run, and no other", () => {
    expect([...shown.keys()].sort()).toEqual(readdirSync(folder).sort());
  });

  test.each([...shown])("shows %s as it is run", (name, code) => {
    expect(`${code}\n`).toBe(readFileSync(`${folder}${name}`, "utf8"));
  });
});
