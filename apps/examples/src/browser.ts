import { join } from "node:path";
import { type Browser, chromium, type LaunchOptions } from "playwright";
import { root } from "./command.ts";

/** Starts the Chromium that the repository's tests use. */
export async function launch(): Promise<Browser> {
  const tools = (await import(join(root, ".ci/tools.mjs"))) as { chromiumOptions(): LaunchOptions };
  return chromium.launch(tools.chromiumOptions());
}
