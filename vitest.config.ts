import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import react from "@vitejs/plugin-react";
import vue from "@vitejs/plugin-vue";
import { playwright } from "@vitest/browser-playwright";
import { defaultClientConditions, defaultServerConditions, type Plugin } from "vite";
import solid from "vite-plugin-solid";
import { defineConfig } from "vitest/config";
import { type Engine, engines } from "./.ci/engine.ts";
import { engineProvider } from "./.ci/engine-provider.ts";
import { chromiumOptions } from "./.ci/tools.mjs";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// A busy machine is slow, not wrong.
const patient = { testTimeout: 20_000, hookTimeout: 30_000, expect: { poll: { timeout: 5000 } } };

// A function: vitest changes the object, so each project needs its own.
const browser = () => ({
  enabled: true,
  headless: true,
  screenshotFailures: false,
  provider: playwright({ launchOptions: chromiumOptions() }),
  instances: [{ browser: "chromium" as const }],
});

const source = {
  resolve: { conditions: ["@tidewire/source", ...defaultClientConditions] },
  ssr: { resolve: { conditions: ["@tidewire/source", ...defaultServerConditions] } },
};

const plugins = {
  react,
  vue,
  svelte,
  angular: () => [],
  solid: () => solid({ hot: false, solid: { hydratable: true } }),
};
const inBrowser = (framework: keyof typeof plugins) => ({
  ...source,
  // The examples import the package that they belong to by its name, as a user would.
  resolve: {
    ...source.resolve,
    alias: [{ find: `@tidewire/${framework}`, replacement: here(`packages/${framework}/src/index.ts`) }],
  },
  root: here(`packages/${framework}`),
  plugins: [plugins[framework]()],
  test: { ...patient, name: framework, include: ["src/**/*.browser.test.{ts,tsx}"], browser: browser() },
});

/** The binding's suite once more, in another engine. */
const inEngine = <P extends ReturnType<typeof inBrowser>>(project: P, engine: Engine) => ({
  ...project,
  cacheDir: here(`node_modules/.vite/${project.test.name}-${engine}`),
  test: {
    ...project.test,
    name: `${project.test.name}-${engine}`,
    include: ["src/conformance.browser.test.{ts,tsx}"],
    browser: { ...browser(), provider: engineProvider(engine), instances: [{ browser: engine }] },
  },
});

/** Found before the first test: what Vite finds while one runs makes it load the page anew. */
const ANGULAR = ["common", "compiler", "core", "platform-browser", "platform-server"];
const inAngular = () => ({
  ...inBrowser("angular"),
  optimizeDeps: {
    include: [
      ...ANGULAR.map((name) => `@angular/${name}`),
      "@angular/core/rxjs-interop",
      "@ngrx/signals",
      "zone.js",
      "rxjs",
    ],
  },
});

/** The Angular package's own suite once more, with the oldest Angular that it supports. */
const inAngular20 = () => {
  const project = inAngular();
  const home = here("packages/angular/package.json");
  const old: Plugin = {
    name: "angular-20",
    enforce: "pre",
    resolveId(id) {
      return id.startsWith("@angular/") ? this.resolve(id.replace("@angular/", "angular-20-"), home) : undefined;
    },
  };
  return {
    ...project,
    plugins: [old],
    cacheDir: here("node_modules/.vite/angular-20"),
    optimizeDeps: { include: ["rxjs"], exclude: ANGULAR.flatMap((name) => [`@angular/${name}`, `angular-20-${name}`]) },
    test: { ...project.test, name: "angular-20", include: ["src/conformance.browser.test.ts"] },
  };
};

/** The React package's own suite once more, with the oldest React that it supports. */
const inReact18 = () => {
  const project = inBrowser("react");
  const alias = [
    ...project.resolve.alias,
    { find: /^react(?=$|\/)/, replacement: here("packages/react/node_modules/react-18") },
    { find: /^react-dom(?=$|\/)/, replacement: here("packages/react/node_modules/react-dom-18") },
  ];
  return {
    ...project,
    cacheDir: here("node_modules/.vite/react-18"),
    resolve: { ...project.resolve, alias },
    test: { ...project.test, name: "react-18", include: ["src/conformance.browser.test.tsx"] },
  };
};

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
          ...patient,
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
        ...source,
        root: here("packages/angular"),
        test: { name: "angular-server", environment: "node", include: ["src/**/*.server.test.ts"] },
      },
      {
        ...source,
        root: here("packages/solid"),
        plugins: [solid({ ssr: true, solid: { hydratable: true, generate: "ssr" } })],
        test: { name: "solid-server", environment: "node", include: ["src/**/*.server.test.tsx"] },
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
      inReact18(),
      inBrowser("vue"),
      inBrowser("svelte"),
      inAngular(),
      inAngular20(),
      inBrowser("solid"),
      ...engines.flatMap((engine) => [
        inEngine(inBrowser("react"), engine),
        inEngine(inBrowser("vue"), engine),
        inEngine(inBrowser("svelte"), engine),
        inEngine(inAngular(), engine),
        inEngine(inBrowser("solid"), engine),
      ]),
    ],
  },
});
