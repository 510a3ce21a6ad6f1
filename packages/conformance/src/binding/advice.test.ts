import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fileOf } from "../readme/examples.ts";

const bindings = [
  ["react", "useRealtime"],
  ["vue", "useRealtime"],
  ["svelte", "useRealtime"],
  ["svelte", "realtimeStore"],
  ["angular", "injectRealtime"],
  ["solid", "createRealtime"],
] as const;

test("a message named between angle brackets, with a fold of another state, is an error that says what to write", () => {
  const folder = mkdtempSync(join(tmpdir(), "tidewire-types-"));
  try {
    const files = bindings.map(([name, hook], index) => {
      const file = `${folder}/${index}.ts`;
      const source = fileOf(`packages/${name}/src/index.ts`);
      const fold = "{ initial: 0, reduce: (n, message) => n + message.size }";
      writeFileSync(file, `import { ${hook} } from "${source}";\n${hook}<{ size: number }>("/a", ${fold});\n`);
      return file;
    });
    const config = { extends: fileOf("tsconfig.base.json"), compilerOptions: { isolatedDeclarations: false }, files };
    writeFileSync(`${folder}/tsconfig.json`, JSON.stringify(config));
    const tsc = fileOf("node_modules/.bin/tsc");
    const { stdout } = spawnSync(tsc, ["-p", folder, "--pretty", "false"], { encoding: "utf8" });
    const advice =
      '"Leave out the <Message> before the parentheses, and name it in the reducer: reduce: (state, message';
    expect(stdout.split(advice).length - 1, stdout).toBe(bindings.length);
    expect(stdout).not.toContain("not assignable to type 'undefined'");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
