import { ScriptedSocket, scriptedEndpoint } from "@tidewire/conformance/binding";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type App, type Component, createApp, h } from "vue";
import LiveChat from "./examples/LiveChat.vue";
import LivePrice from "./examples/LivePrice.vue";
import LiveTable from "./examples/LiveTable.vue";

const endpoint = scriptedEndpoint();
const tick = (symbol: string, price: number) => `data: ${JSON.stringify({ symbol, price })}\n\n`;
let host: HTMLElement;
let app: App;
beforeEach(() => {
  vi.stubGlobal("fetch", endpoint.fetch);
  vi.stubGlobal("WebSocket", ScriptedSocket);
});
afterEach(() => {
  app.unmount();
  host.remove();
  vi.unstubAllGlobals();
});
const text = () => host.textContent?.replace(/\s+/g, "");
function show(...examples: Component[]): void {
  host = document.body.appendChild(document.createElement("div"));
  app = createApp({ render: () => examples.map((example) => h(example)) });
  app.mount(host);
}

test("the price and the table of the README read an event stream", async () => {
  show(LivePrice, LiveTable);
  await expect.poll(() => endpoint.requests.length).toBe(1);
  await expect.poll(() => host.querySelector("output")?.ariaBusy).toBe("false");
  endpoint.push(tick("A", 1) + tick("B", 2) + tick("A", 3));
  await expect.poll(text).toBe("3A3B2");
});

test("the chat of the README folds, sends, and says why it could not", async () => {
  show(LiveChat);
  await expect.poll(text).toBe("openSayhello");
  ScriptedSocket.opened.at(-1)?.push({ id: "1", text: "hi" });
  await expect.poll(text).toBe("openhiSayhello");
  host.querySelector("button")?.click();
  await expect.poll(() => ScriptedSocket.opened.at(-1)?.sent).toEqual(['"hello"']);
  vi.stubGlobal(
    "WebSocket",
    class Silent {
      close() {}
    },
  );
  ScriptedSocket.opened.at(-1)?.onclose?.({ code: 1006, reason: "" });
  await expect.poll(text).not.toContain("open");
  host.querySelector("button")?.click();
  await expect.poll(() => host.querySelector("[role=alert]")?.textContent).toMatch(/sent/);
});
