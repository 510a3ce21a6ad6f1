import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import react from "@vitejs/plugin-react";
import vue from "@vitejs/plugin-vue";
import { playwright } from "@vitest/browser-playwright";
import { defaultClientConditions, defaultServerConditions } from "vite";
import { defineConfig } from "vitest/config";
import { findChromium } from "./.ci/tools.mjs";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const executablePath = findChromium();
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

// A function: vitest changes the object, so each project needs its own.
const browser = () => ({
  enabled: true,
  headless: true,
  screenshotFailures: false,
  provider: playwright({ launchOptions: { ...(executablePath ? { executablePath } : {}), args } }),
  instances: [{ browser: "chromium" as const }],
});

const source = {
  resolve: { conditions: ["@tidewire/source", ...defaultClientConditions] },
  ssr: { resolve: { conditions: ["@tidewire/source", ...defaultServerConditions] } },
};

const plugins = { react, vue, svelte };
const inBrowser = (framework: keyof typeof plugins) => ({
  ...source,
  root: here(`packages/${framework}`),
  plugins: [plugins[framework]()],
  test: { name: framework, include: ["src/**/*.browser.test.{ts,tsx}"], browser: browser() },
});

export default defineConfig({
  test: {
    reporters: ["default", "./.ci/closing-line.ts"],
    coverage: {
      provider: "v8",
      include: ["packages/*/src/**/*.{ts,tsx,vue,svelte}"],
      reporter: ["text-summary", "json-summary"],
    },
    projects: [
      {
        ...source,
        test: {
          name: "node",
          environment: "node",
          include: ["packages/*/src/**/*.test.{ts,tsx}", "apps/*/src/**/*.test.ts"],
          exclude: ["**/*.browser.test.*", "**/*.server.test.*", "apps/bench/**"],
        },
      },
      {
        ...source,
        root: here("packages/svelte"),
        plugins: [svelte()],
        test: { name: "svelte-server", environment: "node", include: ["src/**/*.server.test.ts"] },
      },
      {
        test: {
          name: "types",
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            include: ["packages/*/src/**/*.test-d.ts"],
            tsconfig: "packages/core/tsconfig.json",
          },
        },
      },
      inBrowser("react"),
      inBrowser("vue"),
      inBrowser("svelte"),
    ],
  },
});
