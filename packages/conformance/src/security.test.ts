import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../../..");
const FOLDERS = ["packages/server/src", "packages/conformance/src"];

const sources = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !path.endsWith("security.test.ts"))
    .map((path) => readFileSync(join(ROOT, folder, path), "utf8")),
).join("\n");

/** The last column of each row of the table below a heading. */
function titlesBelow(heading: string): readonly string[] {
  const [, section = ""] = readFileSync(join(ROOT, "SECURITY.md"), "utf8").split(`## ${heading}, and the tests`);
  const [table = ""] = section.split("\n## ");
  return table.split("\n").flatMap((row) => /\| `([^`|]+)` +\|$/.exec(row.trimEnd())?.[1] ?? []);
}

test.each([
  ["Threats", 30],
  ["Faults", 15],
])("%s in SECURITY.md each have the test that they name", (heading, atLeast) => {
  const titles = titlesBelow(heading);
  expect(titles.length).toBeGreaterThan(atLeast);
  expect(titles.filter((title) => !sources.includes(`"${title}"`))).toEqual([]);
});
