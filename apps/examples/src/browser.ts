import { join } from "node:path";
import { type Browser, chromium } from "playwright";
import { root } from "./command.ts";

/** Starts the Chromium that the repository's tests use. */
export async function launch(): Promise<Browser> {
  const tools = (await import(join(root, ".ci/tools.mjs"))) as { findChromium(): string | undefined };
  const executablePath = tools.findChromium();
  const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"];
  return chromium.launch({ ...(executablePath ? { executablePath } : {}), args });
}
