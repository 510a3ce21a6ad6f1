// pnpm examples [servers nest next nuxt sveltekit]
import { join } from "node:path";
import type { Browser } from "playwright";
import { launch } from "./browser.ts";
import { root, run } from "./command.ts";
import { copyAway } from "./copy.ts";
import { pack } from "./pack.ts";
import { checkPages, checkRendering } from "./pages.ts";
import { freePort, start } from "./program.ts";
import { type Check, createCheck, type Tally } from "./report.ts";
import { checkServer } from "./servers.ts";

/** One server of an example, once it is built. */
interface Server {
  readonly script: string;
  /** The folder that a deployment takes: it is run from a copy, where nothing around it helps. */
  readonly output?: string;
  readonly drive: typeof checkPages;
}

interface Example {
  readonly name: string;
  readonly servers: readonly Server[];
}

const examples: readonly Example[] = [
  {
    name: "servers",
    servers: ["express.ts", "fastify.ts", "hono.ts"].map((script) => ({ script, drive: checkServer })),
  },
  { name: "nest", servers: ["dist/express.js", "dist/fastify.js"].map((script) => ({ script, drive: checkServer })) },
  {
    name: "next",
    servers: [
      { script: "server.ts", drive: checkPages },
      { script: "server.js", output: ".next/standalone", drive: checkRendering },
    ],
  },
  { name: "nuxt", servers: [{ script: "server/index.mjs", output: ".output", drive: checkPages }] },
  { name: "sveltekit", servers: [{ script: "build/index.js", drive: checkPages }] },
];

const folderOf = ({ name }: Example): string => join(root, "apps/examples", name);

/** Installs one example. Not frozen: the lockfile holds Tidewire's own dependencies, too, which change with its packages. */
const install = (example: Example): Promise<void> =>
  run("pnpm", ["install", "--no-frozen-lockfile", "--prefer-offline"], { cwd: folderOf(example) });

/** Builds and drives one example. */
async function take(check: Check, browser: Browser, example: Example, installed: Promise<void>): Promise<void> {
  const { name, servers } = example;
  const cwd = folderOf(example);
  const port = await freePort();
  const ORIGIN = `http://localhost:${port}`;
  let isBuilt = false;
  await check(`${name} installs and builds`, async () => {
    await installed;
    await run("pnpm", ["run", "build"], { cwd, env: { ORIGIN } });
    isBuilt = true;
  });
  for (const { script, output, drive } of isBuilt ? servers : []) {
    await check(`${name}/${join(output ?? "", script)} starts, and is driven`, async () => {
      await using place = output === undefined ? undefined : await copyAway(join(cwd, output));
      const program = await start(place?.folder ?? cwd, script, port);
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
const taken = examples.filter(({ name }) => named.length === 0 || named.includes(name));
await pack();
const browser = await launch();
// All at once: what takes time is the network.
const installs = taken.map(install);
await Promise.allSettled(installs); // and apart from the builds, which take the whole machine
for (const [index, example] of taken.entries()) await take(check, browser, example, installs[index]!);
await browser.close();
console.log(`${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.failed > 0 || tally.passed === 0 ? 1 : 0;
