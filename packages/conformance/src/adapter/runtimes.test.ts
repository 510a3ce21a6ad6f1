import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, it } from "vitest";
import { findBun } from "../../../../.ci/tools.mjs";
import { otherRuntime } from "./runtime.ts";
import { runAdapterSuite } from "./suite.ts";

/** The program in the package that npm chose for this machine; the package `deno` itself would have to run a script first. */
function findDeno(): string | undefined {
  const { platform, arch } = process;
  const name = `@deno/${platform}-${arch}${platform === "linux" ? "-glibc" : ""}`;
  try {
    const deno = createRequire(import.meta.url).resolve("deno/package.json");
    const home = dirname(createRequire(deno).resolve(`${name}/package.json`));
    return [join(home, "deno"), join(home, "deno.exe")].find(existsSync);
  } catch {
    return undefined; // Deno has no program for this machine.
  }
}

const sources = "--conditions=@tidewire/source";
const runtimes = [
  ["Deno", findDeno(), ["run", "--allow-all", "--no-check", sources]],
  ["Bun", findBun(), [sources]],
] as const;

for (const [name, program, args] of runtimes) {
  if (program === undefined) describe.skip(`adapter: ${name}, which is not on this machine`, () => it("is served"));
  else runAdapterSuite(otherRuntime(name, program, args));
}
