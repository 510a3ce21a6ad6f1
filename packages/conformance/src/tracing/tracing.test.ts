import { execFile } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { nodeFileTrace } from "@vercel/nft";
import { describe, expect, onTestFinished, test } from "vitest";

const repository = fileURLToPath(new URL("../../../../", import.meta.url));
const entry = "packages/conformance/src/tracing/traced.mjs";
const node = promisify(execFile);

/** What a tracer resolves for beside `import` and `default`: nft by itself, Nitro, and a bundler that leaves packages to Node. */
const tracers = [["node"], ["node", "production"], ["production", "node", "module"]];
/** How Node is started on what was traced. */
const runs: [string[], string | undefined][] = [
  [[], undefined],
  [[], "production"],
  [["--conditions=production"], "production"],
];

describe.each(tracers.map((conditions) => ({ conditions })))(
  "a tracer that resolves for $conditions",
  ({ conditions }) => {
    test("carries every file that Node asks for", { timeout: 60_000 }, async () => {
      const { fileList, warnings } = await nodeFileTrace([join(repository, entry)], { base: repository, conditions });
      expect([...warnings].map(String)).toEqual([]);
      const copy = await mkdtemp(join(tmpdir(), "tidewire-traced-"));
      onTestFinished(() => rm(copy, { recursive: true }));
      for (const file of fileList) await cp(join(repository, file), join(copy, file), { verbatimSymlinks: true });
      for (const [flags, NODE_ENV] of runs) {
        const env = { ...process.env, NODE_ENV };
        const { stdout } = await node(process.execPath, [...flags, join(copy, entry)], { cwd: copy, env });
        expect(JSON.parse(stdout)).toEqual({ DEV: NODE_ENV !== "production" });
      }
    });
  },
);
