import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A copy of a folder, far from where it was made, until it is disposed of. */
export interface Copy extends AsyncDisposable {
  readonly folder: string;
}

/** Copies a built folder as a deployment does. */
export async function copyAway(from: string): Promise<Copy> {
  const folder = await mkdtemp(join(tmpdir(), "tidewire-deployed-"));
  await cp(from, folder, { recursive: true, verbatimSymlinks: true });
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, maxRetries: 3 }) };
}
