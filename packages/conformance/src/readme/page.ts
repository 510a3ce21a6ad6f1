import { svelte } from "@sveltejs/vite-plugin-svelte";
import react from "@vitejs/plugin-react";
import vue from "@vitejs/plugin-vue";
import { build, defaultClientConditions, type Plugin } from "vite";
import { fileOf } from "./examples.ts";

/** How each example gets onto a page: what to mount, written as a user would. */
const ENTRIES: { readonly [example: string]: string } = {
  "react.tsx": `
    import { createElement } from "react";
    import { createRoot } from "react-dom/client";
    import { Price } from "example/react.tsx";
    createRoot(document.body).render(createElement(Price, { url: "/ticks" }));`,
  "vue.vue": `
    import { createApp } from "vue";
    import Price from "example/vue.vue";
    createApp(Price, { url: "/ticks" }).mount(document.body);`,
  "svelte.svelte": `
    import { mount } from "svelte";
    import Price from "example/svelte.svelte";
    mount(Price, { target: document.body, props: { url: "/ticks" } });`,
  "observable.ts": `
    import { above } from "example/observable.ts";
    above("/ticks", 100).subscribe((price) => document.body.append(String(price)));`,
};

/** The app beside which each example is bundled: it has what a user of that framework has installed. */
const APPS: { readonly [example: string]: string } = {
  "react.tsx": "react",
  "vue.vue": "vue",
  "svelte.svelte": "svelte",
  "observable.ts": "vanilla",
};

/** The example, bundled with what mounts it, as the browser gets it. */
export async function bundleExample(name: string, code: string): Promise<string> {
  const folder = fileOf(`apps/${APPS[name]}/readme/`);
  const files = new Map([
    [`${folder}${name}`, code],
    [`${folder}entry.ts`, ENTRIES[name] ?? ""],
  ]);
  const virtual: Plugin = {
    name: "example",
    enforce: "pre",
    resolveId: (id) => (id.startsWith("example/") ? id.replace("example/", folder) : files.has(id) ? id : undefined),
    load: (id) => files.get(id),
  };
  const output = await build({
    root: fileOf(`apps/${APPS[name]}/`),
    configFile: false,
    logLevel: "error",
    resolve: { conditions: ["@tidewire/source", ...defaultClientConditions] },
    plugins: [virtual, react(), vue(), svelte({ configFile: false, compilerOptions: { runes: true } })],
    build: { write: false, rolldownOptions: { input: `${folder}entry.ts` } },
  });
  const [bundle] = [output].flat();
  if (!bundle || !("output" in bundle)) throw new Error("The build gave nothing.");
  return bundle.output.map((chunk) => (chunk.type === "chunk" ? chunk.code : "")).join("\n");
}
