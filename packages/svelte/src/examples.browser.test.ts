import { ScriptedSocket, scriptedEndpoint } from "@tidewire/conformance/binding";
import { type Component, flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import LiveChat from "./examples/LiveChat.svelte";
import LivePrice from "./examples/LivePrice.svelte";
import LiveTable from "./examples/LiveTable.svelte";

const endpoint = scriptedEndpoint();
const tick = (symbol: string, price: number) => `data: ${JSON.stringify({ symbol, price })}\n\n`;
let host: HTMLElement;
let views: object[] = [];
beforeEach(() => {
  vi.stubGlobal("fetch", endpoint.fetch);
  vi.stubGlobal("WebSocket", ScriptedSocket);
  host = document.body.appendChild(document.createElement("div"));
});
afterEach(async () => {
  for (const view of views) await unmount(view);
  host.remove();
  vi.unstubAllGlobals();
});
const text = () => host.textContent?.replace(/\s+/g, "");
function show(...examples: Component[]): void {
  views = examples.map((example) => mount(example, { target: host }));
  flushSync();
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
