import { rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import type { Topic } from "@tidewire/core";
import { type Browser, chromium } from "playwright";
import { firstValueFrom, take, toArray } from "rxjs";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { chromiumOptions } from "../../../../.ci/tools.mjs";
import { examplesOf, readme } from "./examples.ts";
import { bundleExample } from "./page.ts";

const examples = examplesOf(readme);
/** Examples that are pages. */
const IN_BROWSER = ["react.tsx", "vue.vue", "svelte.svelte", "observable.ts"];
const scripts = new Map<string, string>();
let browser: Browser;
let server: Server;

beforeAll(async () => {
  browser = await chromium.launch(chromiumOptions());
  server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    if (path === "/ticks") {
      response.writeHead(200, { "content-type": "text/event-stream" });
      return void response.write('data: {"price":99}\n\ndata: {"price":101}\n\n');
    }
    response.setHeader("content-type", path.endsWith(".js") ? "text/javascript" : "text/html");
    const name = path.slice(1).replace(/\.js$/, "");
    response.end(path.endsWith(".js") ? scripts.get(name) : `<body><script type=module src="${path}.js"></script>`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterAll(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
});

test("the README has an example for each framework, for raw observables, and for both ends of a hub", () => {
  expect([...examples.keys()]).toEqual([...IN_BROWSER, "hub.ts", "client.ts"]);
});

test("no example is longer than a glance", () => {
  for (const code of examples.values()) expect(code.split("\n").length).toBeLessThanOrEqual(13);
});

test.each(IN_BROWSER)(
  "the README's %s shows live data in a browser",
  async (name) => {
    scripts.set(name, await bundleExample(name, examples.get(name) ?? ""));
    const page = await browser.newPage();
    const errors: Error[] = [];
    page.on("pageerror", (error) => errors.push(error));
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}`);
    await expect.poll(() => errors.length > 0 || page.getByText(/101/).isVisible(), { timeout: 10_000 }).toBeTruthy();
    expect(errors).toEqual([]);
    const text = await page.locator("body").textContent();
    expect(text?.trim()).toBe(name === "observable.ts" ? "101" : "101 (open)");
    await page.close();
  },
  30_000,
);

test("the README's hub publishes, and its client reads everything in order", async () => {
  const { server: hubServer } = await runExample<{ server: Server }>("hub.ts");
  const { ticks } = await runExample<{ ticks: (url: string) => Topic<{ n: number }> }>("client.ts");
  await new Promise<void>((resolve) => hubServer.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    hubServer.closeAllConnections();
    hubServer.close();
  });
  const topic = ticks(`http://127.0.0.1:${(hubServer.address() as AddressInfo).port}/realtime`);
  const got = await firstValueFrom(topic.pipe(take(3), toArray()));
  expect(got).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
});

/** An example as a module of this package, where it finds what it imports. */
async function runExample<Exports>(name: string): Promise<Exports> {
  const file = fileURLToPath(new URL(`./example-${name}`, import.meta.url));
  writeFileSync(file, examples.get(name) ?? "");
  onTestFinished(() => rmSync(file, { force: true }));
  return (await import(/* @vite-ignore */ file)) as Exports;
}
