import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { build } from "vite";

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Builds the pages for production, with one copy of each framework, out of what the packages publish. */
export async function buildSite(): Promise<void> {
  await build({
    configFile: false,
    logLevel: "error",
    root: at("src/site"),
    resolve: { dedupe: ["react", "react-dom", "vue", "svelte", "@angular/core", "solid-js", "rxjs"] },
    define: {
      __VUE_OPTIONS_API__: "true",
      __VUE_PROD_DEVTOOLS__: "false",
      "process.env.NODE_ENV": '"production"',
      ngDevMode: "false",
      ngServerMode: "false",
    },
    plugins: [svelte({ configFile: false })],
    build: { outDir: at("dist/site"), emptyOutDir: true, target: "esnext", modulePreload: false },
  });
}
