import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root, run } from "./command.ts";

/** Where the examples' overrides look for Tidewire. */
const packed = join(root, "apps/examples/node_modules/.packed");

/**
 * Packs each package as it would be published, and unpacks the tarball: what an example installs is what a user gets.
 * A folder and not the tarball itself, whose checksum would change the lockfiles with every build.
 */
export async function pack(): Promise<void> {
  rmSync(packed, { recursive: true, force: true });
  mkdirSync(packed, { recursive: true });
  await run("pnpm", ["-r", "--filter", "./packages/*", "pack", "--pack-destination", packed], { cwd: root });
  for (const tarball of readdirSync(packed)) {
    const name = /^tidewire-(\w+)-/.exec(tarball)?.[1];
    if (name === undefined) continue;
    await run("tar", ["-xzf", tarball], { cwd: packed });
    renameSync(join(packed, "package"), join(packed, name));
    rmSync(join(packed, tarball));
  }
}
