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

/** The last column of each row of the table of threats. */
const titles = readFileSync(join(ROOT, "SECURITY.md"), "utf8")
  .split("## Threats")[1]
  ?.split("\n")
  .flatMap((row) => /\| `([^`|]+)` +\|$/.exec(row.trimEnd())?.[1] ?? []);

test("every threat in SECURITY.md has the test that it names", () => {
  expect(titles?.length).toBeGreaterThan(30);
  expect(titles?.filter((title) => !sources.includes(`"${title}"`))).toEqual([]);
});
