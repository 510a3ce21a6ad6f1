import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "playwright";
import { build, defaultClientConditions } from "vite";
import { chromiumOptions } from "../../../../../.ci/tools.mjs";

/** Starts Chromium with its back-forward cache, which Playwright otherwise turns off. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ ...chromiumOptions(), ignoreDefaultArgs: ["--disable-back-forward-cache"] });
}

/** The script of `page.ts`, bundled from the packages' sources. */
export async function bundlePage(): Promise<string> {
  const outputs = await build({
    configFile: false,
    logLevel: "error",
    resolve: { conditions: ["@tidewire/source", ...defaultClientConditions] },
    build: {
      write: false,
      minify: false,
      lib: { entry: fileURLToPath(new URL("page.ts", import.meta.url)), formats: ["es"], fileName: "page" },
    },
  });
  const [first] = [outputs].flat();
  if (first === undefined || !("output" in first)) throw new Error("The page was not bundled.");
  return first.output[0].code;
}
