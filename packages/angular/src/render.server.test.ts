import "@angular/compiler"; // nothing is compiled ahead here

import { Component, provideZonelessChangeDetection, type Type } from "@angular/core";
import { bootstrapApplication, provideClientHydration } from "@angular/platform-browser";
import { provideServerRendering, renderApplication } from "@angular/platform-server";
import { scriptedSource } from "@tidewire/conformance/binding";
import { expect, test, vi } from "vitest";
import { PricesPage, provideFirstPage } from "./examples/first-page.ts";
import { injectRealtime } from "./index.ts";

const server = [provideZonelessChangeDetection(), provideServerRendering(), provideClientHydration()];
const render = (page: Type<unknown>, selector: string, providers: Parameters<typeof bootstrapApplication>[1]) =>
  renderApplication((context) => bootstrapApplication(page, providers, context), {
    document: `<body><${selector}></${selector}></body>`,
  });

test("[server-render] the initial value is in the HTML, the page becomes stable, and nothing is connected to", async () => {
  const source = scriptedSource<number>(1);
  const Page = Component({ selector: "a-page", template: "<p>{{ live.value() }} {{ live.status() }}</p>" })(
    class {
      readonly live = injectRealtime(source.stream, { initial: 42 });
    },
  );
  expect(await render(Page, "a-page", { providers: server })).toContain("<p>42 idle</p>");
  expect(source.dials()).toBe(0);
});

test("[server-render] what the server read, and where that ends, comes along with its page", async () => {
  const fetch = vi.fn<typeof globalThis.fetch>();
  vi.stubGlobal("fetch", fetch);
  const read = async () => ({ prices: [1, 2], cursor: "2" });
  const html = await render(PricesPage, "first-page", { providers: [...server, provideFirstPage(read)] });
  vi.unstubAllGlobals();
  expect(html).toContain("<output>1 2 idle</output>");
  expect(/<script id="ng-state"[^>]*>(.*?)<\/script>/.exec(html)?.[1]).toContain(
    '"prices":{"prices":[1,2],"cursor":"2"}',
  );
  expect(fetch).not.toHaveBeenCalled();
});
