import { describe, it } from "vitest";
import { find } from "../../../../.ci/tools.mjs";
import { otherRuntime } from "./runtime.ts";
import { runAdapterSuite } from "./suite.ts";

const sources = "--conditions=@tidewire/source";
const runtimes = [
  ["Deno", find("deno"), ["run", "--allow-all", "--no-check", sources]],
  ["Bun", find("bun"), [sources]],
  ["the newest Node's http", find("node"), [sources]],
] as const;

for (const [name, program, args] of runtimes) {
  // Each is some 100 MB, which only CI fetches: a fresh clone is to start fast.
  if (program === undefined) describe.skip(`adapter: ${name}, which is not on this machine`, () => it("is served"));
  else runAdapterSuite(otherRuntime(name, program, args));
}
