import { ScriptedSocket, scriptedEndpoint } from "@tidewire/conformance/binding";
import type { JSX } from "solid-js";
import { render } from "solid-js/web";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LiveChat } from "./examples/live-chat.tsx";
import { LivePrice } from "./examples/live-price.tsx";
import { LiveTable } from "./examples/live-table.tsx";

const endpoint = scriptedEndpoint();
const tick = (symbol: string, price: number) => `data: ${JSON.stringify({ symbol, price })}\n\n`;
let host: HTMLElement;
let dispose: () => void;
beforeEach(() => {
  vi.stubGlobal("fetch", endpoint.fetch);
  vi.stubGlobal("WebSocket", ScriptedSocket);
  host = document.body.appendChild(document.createElement("div"));
});
afterEach(() => {
  dispose();
  host.remove();
  vi.unstubAllGlobals();
});
const show = (example: () => JSX.Element) => {
  dispose = render(example, host);
};

test("the price and the table of the README read an event stream", async () => {
  show(() => [<LivePrice />, <LiveTable />]);
  await expect.poll(() => endpoint.requests.length).toBe(1);
  await expect.poll(() => host.querySelector("output")?.ariaBusy).toBe("false");
  endpoint.push(tick("A", 1) + tick("B", 2) + tick("A", 3));
  await expect.poll(() => host.textContent).toBe("3A3B2");
});

test("the chat of the README folds, sends, and says why it could not", async () => {
  show(() => <LiveChat />);
  await expect.poll(() => host.textContent).toBe("openSay hello");
  ScriptedSocket.opened.at(-1)?.push({ id: "1", text: "hi" });
  await expect.poll(() => host.textContent).toBe("openhiSay hello");
  host.querySelector("button")?.click();
  await expect.poll(() => ScriptedSocket.opened.at(-1)?.sent).toEqual(['"hello"']);
  vi.stubGlobal(
    "WebSocket",
    class Silent {
      close() {}
    },
  );
  ScriptedSocket.opened.at(-1)?.onclose?.({ code: 1006, reason: "" });
  await expect.poll(() => host.textContent).not.toContain("open");
  host.querySelector("button")?.click();
  await expect.poll(() => host.querySelector("[role=alert]")?.textContent).toMatch(/sent/);
});
