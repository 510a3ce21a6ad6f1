import { once } from "node:events";
import http from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { createHub } from "@tidewire/server";
import { toNodeHandler } from "@tidewire/server/node";
import type { Browser, Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { launchChromium } from "../transport/browser/chromium.ts";

const BROWSER_MS = 30_000;
const COUNT = 30;
const tick = (n: number) => ({ n, symbol: "TIDE", bid: 100 + n / 7, venue: "XNAS", at: 1_764_130_000_000 + n * 13 });

declare global {
  interface Window {
    seen: unknown[];
  }
}

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
}, BROWSER_MS);
afterAll(() => browser.close());

/** A page of a hub that compresses, and what the server wrote to each connection. */
async function openPage() {
  const hub = createHub();
  const handler = toNodeHandler(hub, { path: "/realtime", compress: true });
  const server = http.createServer((request, response) => {
    if (!handler(request, response)) response.setHeader("Content-Type", "text/html").end("<p>a page</p>");
  });
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => sockets.add(socket));
  server.on("upgrade", handler.handleUpgrade);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const context = await browser.newContext();
  onTestFinished(async () => {
    await context.close();
    await hub.close();
    server.closeAllConnections();
    server.close();
  });
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return { hub, page, written: () => [...sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, 0) };
}

/** What a page does to read; each puts the data of its messages into `window.seen`. */
const readers: Record<string, (page: Page) => Promise<unknown>> = {
  EventSource: (page) =>
    page.evaluate(
      () =>
        new Promise((resolve) => {
          window.seen = [];
          const source = new EventSource("/realtime?topic=a");
          source.addEventListener("a", ({ data }) => window.seen.push(JSON.parse(data)));
          source.onopen = () => resolve("gzip, as the bytes will tell");
        }),
    ),
  fetch: (page) =>
    page.evaluate(async () => {
      window.seen = [];
      const response = await fetch("/realtime?topic=a");
      const reading = async () => {
        const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
        let text = "";
        for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
          text += next.value;
          const events = text.split("\n\n");
          text = events.pop() ?? "";
          for (const event of events) {
            const data = event.split("\n").find((line) => line.startsWith("data: "));
            if (data !== undefined) window.seen.push(JSON.parse(data.slice(6)));
          }
        }
      };
      void reading();
      return response.headers.get("content-encoding");
    }),
  WebSocket: (page) =>
    page.evaluate(
      () =>
        new Promise((resolve) => {
          window.seen = [];
          const socket = new WebSocket("/realtime?topic=a");
          socket.onmessage = ({ data }) => window.seen.push(JSON.parse(data));
          socket.onopen = () => resolve(socket.extensions);
        }),
    ),
};

describe("a browser, of a hub that compresses", () => {
  it.each(Object.keys(readers))(
    "sees each message at once by %s, in fewer bytes",
    async (name) => {
      const { hub, page, written } = await openPage();
      expect(await readers[name]?.(page)).toMatch(/gzip|permessage-deflate/);
      const before = written();
      let bytes = 0;
      for (let n = 1; n <= COUNT; n += 1) {
        await hub.publish("a", tick(n));
        bytes += JSON.stringify(tick(n)).length;
        // The next is not published before the page has this one: nothing later pushes it out of a buffer.
        await page.waitForFunction((count) => window.seen.length === count, n);
      }
      expect(written() - before).toBeLessThan(bytes / 1.5);
      await Promise.all(Array.from({ length: 10 }, (_, n) => hub.publish("a", tick(COUNT + 1 + n))));
      await page.waitForFunction((count) => window.seen.length === count, COUNT + 10);
      expect(await page.evaluate(() => window.seen)).toEqual(Array.from({ length: COUNT + 10 }, (_, n) => tick(n + 1)));
    },
    BROWSER_MS,
  );
});
