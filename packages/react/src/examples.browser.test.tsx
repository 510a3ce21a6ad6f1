import { ScriptedSocket, scriptedEndpoint } from "@tidewire/conformance/binding";
import type { ReactNode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LiveChat } from "./examples/live-chat.tsx";
import { LivePrice } from "./examples/live-price.tsx";
import { LiveTable } from "./examples/live-table.tsx";

const endpoint = scriptedEndpoint();
const tick = (symbol: string, price: number) => `data: ${JSON.stringify({ symbol, price })}\n\n`;
let host: HTMLElement;
let root: Root;
beforeEach(() => {
  vi.stubGlobal("fetch", endpoint.fetch);
  vi.stubGlobal("WebSocket", ScriptedSocket);
  host = document.body.appendChild(document.createElement("div"));
  root = createRoot(host);
});
afterEach(() => {
  root.unmount();
  host.remove();
  vi.unstubAllGlobals();
});
const text = () => host.textContent;
const show = (example: ReactNode) => root.render(example);

test("the price and the table of the README read an event stream", async () => {
  show([<LivePrice key="price" />, <LiveTable key="table" />]);
  await expect.poll(() => endpoint.requests.length).toBe(1);
  await expect.poll(() => host.querySelector("output")?.ariaBusy).toBe("false");
  endpoint.push(tick("A", 1) + tick("B", 2) + tick("A", 3));
  await expect.poll(text).toBe("3A3B2");
});

test("the chat of the README folds, sends, and says why it could not", async () => {
  show(<LiveChat />);
  await expect.poll(text).toBe("openSay hello");
  ScriptedSocket.opened.at(-1)?.push({ id: "1", text: "hi" });
  await expect.poll(text).toBe("openhiSay hello");
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
