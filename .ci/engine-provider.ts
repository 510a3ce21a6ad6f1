// Runs vitest's browser tests in an engine that Playwright does not start: the page does all of it, once it is open.
import { defineBrowserProvider } from "@vitest/browser";
import type { BrowserProviderOption } from "vitest/node";
import { type Engine, openEngine } from "./engine.ts";

/** What `browser.provider` takes. Tests that drive the page from outside (clicks, screenshots) cannot run by it. */
export function engineProvider(engine: Engine): BrowserProviderOption {
  return defineBrowserProvider({
    name: "engine",
    options: {},
    supportedBrowser: [engine],
    providerFactory(project) {
      // The runner asks for a size of the page before each file; here the page is as large as the window. No public name.
      project.browser?.registerCommand("__vitest_viewport" as never, async () => undefined as never);
      const open: AsyncDisposable[] = [];
      return {
        name: "engine",
        supportsParallelism: false,
        getCommandsContext: () => ({}),
        openPage: async (_session, url) => {
          open.push(openEngine(engine, url));
        },
        close: async () => {
          await Promise.all(open.splice(0).map((page) => page[Symbol.asyncDispose]()));
        },
      };
    },
  });
}
