// pnpm examples [servers nest next nuxt sveltekit]
import { join } from "node:path";
import type { Browser } from "playwright";
import { launch } from "./browser.ts";
import { root, run } from "./command.ts";
import { pack } from "./pack.ts";
import { checkPages } from "./pages.ts";
import { freePort, start } from "./program.ts";
import { type Check, createCheck, type Tally } from "./report.ts";
import { checkServer } from "./servers.ts";

interface Example {
  readonly name: string;
  readonly scripts: readonly string[];
  readonly drive: typeof checkPages;
}

const examples: readonly Example[] = [
  { name: "servers", scripts: ["express.ts", "fastify.ts", "hono.ts"], drive: checkServer },
  { name: "nest", scripts: ["dist/express.js", "dist/fastify.js"], drive: checkServer },
  { name: "next", scripts: ["server.ts"], drive: checkPages },
  { name: "nuxt", scripts: [".output/server/index.mjs"], drive: checkPages },
  { name: "sveltekit", scripts: ["build/index.js"], drive: checkPages },
];

/** Installs, builds and drives one example. */
async function take(check: Check, browser: Browser, { name, scripts, drive }: Example): Promise<void> {
  const cwd = join(root, "apps/examples", name);
  const port = await freePort();
  const ORIGIN = `http://localhost:${port}`;
  let isBuilt = false;
  await check(`${name} installs and builds`, async () => {
    // Not frozen: the lockfile holds Tidewire's own dependencies, too, which change with its packages.
    await run("pnpm", ["install", "--no-frozen-lockfile"], { cwd });
    await run("pnpm", ["run", "build"], { cwd, env: { ORIGIN } });
    isBuilt = true;
  });
  for (const script of isBuilt ? scripts : []) {
    await check(`${name}/${script} starts, and is driven`, async () => {
      const program = await start(cwd, script, port);
      try {
        await drive(check, program, browser);
      } finally {
        await program.end();
      }
    });
  }
}

const tally: Tally = { passed: 0, failed: 0 };
const check = createCheck(tally);
const named = process.argv.slice(2);
await pack();
const browser = await launch();
for (const example of examples) {
  if (named.length === 0 || named.includes(example.name)) await take(check, browser, example);
}
await browser.close();
console.log(`${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.failed > 0 || tally.passed === 0 ? 1 : 0;
