import "@angular/compiler"; // nothing is compiled ahead here

import { type ApplicationRef, provideZonelessChangeDetection, type Type } from "@angular/core";
import { bootstrapApplication } from "@angular/platform-browser";
import { ScriptedSocket, scriptedEndpoint } from "@tidewire/conformance/binding";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PricesPage } from "./examples/first-page.ts";
import { LiveChat } from "./examples/live-chat.ts";
import { LivePrice } from "./examples/live-price.ts";
import { LiveTable } from "./examples/live-table.ts";

const endpoint = scriptedEndpoint();
const tick = (symbol: string, price: number) => `data: ${JSON.stringify({ symbol, price })}\n\n`;
const applications: ApplicationRef[] = [];
beforeEach(() => {
  vi.stubGlobal("fetch", endpoint.fetch);
  vi.stubGlobal("WebSocket", ScriptedSocket);
});
afterEach(() => {
  for (const application of applications.splice(0)) application.destroy();
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});
const text = () => document.body.textContent?.replace(/\s+/g, "");
async function show(selector: string, example: Type<unknown>): Promise<void> {
  document.body.append(document.createElement(selector));
  applications.push(await bootstrapApplication(example, { providers: [provideZonelessChangeDetection()] }));
}

test("the price and the table of the README read an event stream", async () => {
  await show("live-price", LivePrice);
  await show("live-table", LiveTable);
  await expect.poll(() => endpoint.requests.length).toBe(1);
  await expect.poll(() => document.querySelector("output")?.ariaBusy).toBe("false");
  endpoint.push(tick("A", 1) + tick("B", 2) + tick("A", 3));
  await expect.poll(text).toBe("3A3B2");
});

test("the chat of the README folds, sends, and says why it could not", async () => {
  await show("live-chat", LiveChat);
  await expect.poll(text).toBe("openSayhello");
  ScriptedSocket.opened.at(-1)?.push({ id: "1", text: "hi" });
  await expect.poll(text).toBe("openhiSayhello");
  document.querySelector("button")?.click();
  await expect.poll(() => ScriptedSocket.opened.at(-1)?.sent).toEqual(['"hello"']);
  vi.stubGlobal(
    "WebSocket",
    class Silent {
      close() {}
    },
  );
  ScriptedSocket.opened.at(-1)?.onclose?.({ code: 1006, reason: "" });
  await expect.poll(text).not.toContain("open");
  document.querySelector("button")?.click();
  await expect.poll(() => document.querySelector("[role=alert]")?.textContent).toMatch(/sent/);
});

test("the first page of the README goes on behind what the server read, by one request", async () => {
  const state = document.createElement("script");
  state.id = "ng-state";
  state.type = "application/json";
  state.textContent = JSON.stringify({ prices: { prices: [1, 2], cursor: "2" } });
  document.body.append(state);
  const before = endpoint.requests.length;
  await show("first-page", PricesPage);
  await expect.poll(() => document.querySelector("output")?.textContent).toBe("1 2 open");
  expect(endpoint.requests.slice(before).map(({ headers }) => headers.get("last-event-id"))).toEqual(["2"]);
  endpoint.push("id: 3\ndata: 3\n\n");
  await expect.poll(() => document.querySelector("output")?.textContent).toBe("1 2 3 open");
});
