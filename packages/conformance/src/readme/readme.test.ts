import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Browser, chromium } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findChromium } from "../../../../.ci/tools.mjs";
import { examplesOf, readme } from "./examples.ts";
import { bundleExample } from "./page.ts";

const examples = examplesOf(readme);
const scripts = new Map<string, string>();
let browser: Browser;
let server: Server;

beforeAll(async () => {
  const executablePath = findChromium();
  browser = await chromium.launch({ ...(executablePath ? { executablePath } : {}), args: ["--no-sandbox"] });
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

test("the README has an example for each framework and for raw observables", () => {
  expect([...examples.keys()]).toEqual(["react.tsx", "vue.vue", "svelte.svelte", "observable.ts"]);
});

test("no example is longer than a glance", () => {
  for (const code of examples.values()) expect(code.split("\n").length).toBeLessThanOrEqual(13);
});

test.each([...examples])(
  "the README's %s shows live data in a browser",
  async (name, code) => {
    scripts.set(name, await bundleExample(name, code));
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
