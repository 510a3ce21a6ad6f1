import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL("..", import.meta.url));
const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Installs the peers where they are missing or old, and builds the packages: what is measured is what users get. */
export function install(): void {
  if (!isInstalled()) run(here, ["install", "--ignore-workspace", "--frozen-lockfile"]);
  const filters = ["server", "react", "vue", "svelte", "angular", "solid"].map(
    (name) => `--filter=@tidewire/${name}...`,
  );
  run(root, ["exec", "turbo", "run", "build", ...filters, "--output-logs=errors-only"]);
}

/** pnpm keeps a copy of the lockfile that it installed from. */
function isInstalled(): boolean {
  const installed = `${here}/node_modules/.pnpm/lock.yaml`;
  return existsSync(installed) && readFileSync(installed, "utf8") === readFileSync(`${here}/pnpm-lock.yaml`, "utf8");
}

function run(cwd: string, args: readonly string[]): void {
  const { status, error } = spawnSync("pnpm", args, { cwd, stdio: ["ignore", 2, 2] });
  if (error) throw new Error('pnpm is not here: start this as "npx pnpm@12 bench", which brings it.', { cause: error });
  if (status !== 0) throw new Error(`pnpm ${args.join(" ")} failed: what it said is above.`);
}
