import type { Browser, CDPSession, Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { bodyOf, messagesOf, type ParsingCase, parsingCases } from "../parsing-cases.ts";
import { chunkedEvents, events, fin, status, webSocket } from "../replies.ts";
import { createScriptedServer, type Reply, type Script, type ScriptedServer } from "../scripted-server.ts";
import { bundlePage, launchChromium } from "./chromium.ts";

const BROWSER_MS = 30_000;

let browser: Browser;
let script: string;
beforeAll(async () => {
  [browser, script] = await Promise.all([launchChromium(), bundlePage()]);
}, BROWSER_MS);
afterAll(() => browser.close());

/** The page itself, and around it whatever a test scripts. */
async function serve(streams: (url: URL, index: number) => Reply): Promise<ScriptedServer> {
  let streamed = 0;
  const site: Script = ({ url }) => {
    const address = new URL(url, "http://localhost");
    if (address.pathname === "/")
      return status(200, { "content-type": "text/html" }, '<script type="module" src="/page.js"></script>');
    if (address.pathname === "/page.js") return status(200, { "content-type": "text/javascript" }, script);
    if (address.pathname === "/elsewhere") return status(200, { "content-type": "text/html" }, "<p>elsewhere</p>");
    if (address.pathname === "/favicon.ico") return status(404);
    streamed += 1;
    return streams(address, streamed - 1);
  };
  const server = await createScriptedServer(site);
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server;
}

async function openPage(server: ScriptedServer): Promise<Page> {
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.goto(server.http);
  await page.waitForFunction(() => window.page !== undefined);
  return page;
}

const streamRequests = (server: ScriptedServer) => server.requests.filter(({ url }) => url.startsWith("/stream"));

describe("the browser's own EventSource and this library agree", () => {
  let server: ScriptedServer;
  let page: Page;
  beforeAll(async () => {
    server = await createScriptedServer(({ url }) => {
      const [, kind, index, cut] = url.split("/");
      if (kind !== "case")
        return url === "/page.js"
          ? status(200, { "content-type": "text/javascript" }, script)
          : status(200, { "content-type": "text/html" }, '<script type="module" src="/page.js"></script>');
      const body = bodyOf(parsingCases[Number(index)] as ParsingCase);
      const pieces = cut === "whole" ? [body] : Array.from(body, (byte) => Uint8Array.of(byte));
      return events(...pieces, fin);
    });
    page = await browser.newPage();
    await page.goto(server.http);
    await page.waitForFunction(() => window.page !== undefined);
  }, BROWSER_MS);
  afterAll(async () => {
    await page.close();
    await server[Symbol.asyncDispose]();
  });

  it.each(parsingCases.map((parsingCase, index) => ({ ...parsingCase, index })))("$title", async (parsingCase) => {
    const expected = messagesOf(parsingCase);
    const types = expected.map(({ type }) => type);
    for (const cut of ["whole", "each"]) {
      const url = `/case/${parsingCase.index}/${cut}`;
      const [native, tidewire] = await page.evaluate(
        ([address, names]) => Promise.all([window.page.native(address, names), window.page.tidewire(address)]),
        [url, types] as const,
      );
      expect({ cut, told: native }).toEqual({ cut, told: expected });
      expect({ cut, told: tidewire }).toEqual({ cut, told: expected });
    }
  });
});

describe("a page that is left and returned to", () => {
  it.each(["sse", "websocket"])(
    "hangs up its %s, and resumes when it is shown again",
    async (kind) => {
      const stream = (index: number) =>
        kind === "sse" ? events(`id: ${index}\ndata: ${index}\n\n`) : webSocket((peer) => peer.send(`${index}`));
      const server = await serve((_url, index) => stream(index));
      const page = await openPage(server);
      const address = kind === "sse" ? "/stream" : `${server.ws}/stream`;
      await page.evaluate((url) => window.page.watch(url), address);
      await page.waitForFunction(() => window.page.watched.data.length === 1);
      const exchange = await server.exchange(server.requests.findIndex(({ url }) => url.startsWith("/stream")));

      await page.goto(`${server.http}/elsewhere`);
      await exchange.gone;
      // Playwright's own goBack() waits for a load, and a page from the cache is not loaded.
      await page.evaluate(() => history.back());
      await page.waitForFunction(() => window.page.watched.data.length === 2);

      const watched = await page.evaluate(() => window.page.watched);
      expect(watched.persisted.at(-1)).toBe(true);
      expect(watched.words).toEqual(["idle", "connecting", "open", "paused", "connecting", "open"]);
      expect(watched.data).toEqual([0, 1]);
      const ids = streamRequests(server).map(({ headers }) => headers.get("last-event-id"));
      expect(ids).toEqual(kind === "sse" ? [undefined, "0"] : [undefined, undefined]);
    },
    BROWSER_MS,
  );
});

describe("a page that loses its network", () => {
  it(
    "pauses, does not dial, and is back at once when the network is",
    async () => {
      const server = await serve((_url, index) => chunkedEvents(`id: ${index}\ndata: ${index}\n\n`));
      const page = await openPage(server);
      await page.evaluate(() => window.page.watch("/stream"));
      await page.waitForFunction(() => window.page.watched.data.length === 1);
      await page.context().setOffline(true);
      const exchange = await server.exchange(server.requests.findIndex(({ url }) => url.startsWith("/stream")));
      exchange.reset();
      await page.waitForFunction(() => window.page.watched.words.at(-1) === "paused");
      expect(streamRequests(server)).toHaveLength(1);
      await page.context().setOffline(false);
      await page.waitForFunction(() => window.page.watched.data.length === 2);
      const watched = await page.evaluate(() => window.page.watched);
      expect(watched.words.filter((word) => word !== "waiting")).toEqual([
        "idle",
        "connecting",
        "open",
        "paused",
        "connecting",
        "open",
      ]);
      expect(streamRequests(server).map(({ headers }) => headers.get("last-event-id"))).toEqual([undefined, "0"]);
    },
    BROWSER_MS,
  );
});

describe("a stream of another origin", () => {
  /** Allows the page's origin and so many headers, and ends each stream after one event. */
  async function elsewhere(allowed: string): Promise<ScriptedServer> {
    let streamed = 0;
    const server = await createScriptedServer(({ method }) => {
      if (method === "OPTIONS")
        return status(200, {
          "access-control-allow-origin": "*",
          ...(allowed ? { "access-control-allow-headers": allowed } : {}),
        });
      streamed += 1;
      return events("retry: 50\n", `id: ${streamed}\ndata: ${streamed}\n\n`, fin);
    });
    onTestFinished(() => server[Symbol.asyncDispose]());
    return server;
  }

  async function read(other: ScriptedServer): Promise<{ page: Page; warnings: string[] }> {
    const page = await openPage(await serve(() => status(404)));
    const warnings: string[] = [];
    page.on("console", (message) => {
      if (message.text().startsWith("[tidewire]")) warnings.push(message.text());
    });
    await page.evaluate((url) => window.page.watch(url), `${other.http}/stream`);
    await page.waitForFunction(() => window.page.watched.data.length >= 4);
    return { page, warnings };
  }

  it(
    "comes back where the server allows no header, and says once which one it lacks",
    async () => {
      const other = await elsewhere("");
      const { page, warnings } = await read(other);
      const words = await page.evaluate(() => window.page.watched.words);
      expect(words.filter((word) => word === "open").length).toBeGreaterThan(2);
      expect(words).not.toContain("failed");
      expect(warnings).toEqual([expect.stringContaining("Access-Control-Allow-Headers: Last-Event-ID")]);
      const asked = other.requests.filter(({ method }) => method === "OPTIONS");
      expect(asked).toHaveLength(2); // refused, refused again although the network was there, and not asked any more
    },
    BROWSER_MS,
  );

  it(
    "keeps its place where the server allows the header",
    async () => {
      const other = await elsewhere("Last-Event-ID");
      const { page, warnings } = await read(other);
      expect((await page.evaluate(() => window.page.watched.data)).slice(0, 4)).toEqual([1, 2, 3, 4]);
      const ids = streamRequests(other).filter(({ method }) => method === "GET");
      expect(ids.slice(0, 4).map(({ headers }) => headers.get("last-event-id"))).toEqual([undefined, "1", "2", "3"]);
      expect(warnings).toEqual([]);
    },
    BROWSER_MS,
  );
});

describe("six streams of one host over HTTP/1.1", () => {
  it(
    "are said once on the console, with what to do, and five are not",
    async () => {
      const server = await serve(() => events("data: 1\n\n"));
      const page = await openPage(server);
      const warnings: string[] = [];
      page.on("console", (message) => warnings.push(message.text()));
      const watch = (from: number, to: number) =>
        page.evaluate(
          ([first, last]) => {
            for (let index = first; index < last; index += 1) window.page.watch(`/stream?${index}`);
          },
          [from, to] as const,
        );
      await watch(0, 5);
      await page.waitForFunction(() => window.page.watched.data.length === 5);
      expect(warnings).toEqual([]);
      await watch(5, 8);
      await expect.poll(() => warnings).toHaveLength(1);
      expect(warnings[0]).toMatch(/HTTP\/1\.1.*HTTP\/2/);
    },
    BROWSER_MS,
  );
});

/** How many listeners the page's window and document hold. */
async function listenersOf(devtools: CDPSession): Promise<number> {
  let count = 0;
  for (const expression of ["window", "document"]) {
    const { result } = await devtools.send("Runtime.evaluate", { expression });
    if (result.objectId === undefined) throw new Error(`No ${expression} in this page.`);
    const { listeners } = await devtools.send("DOMDebugger.getEventListeners", { objectId: result.objectId });
    count += listeners.length;
  }
  return count;
}

describe("a hundred readers that come and go", () => {
  it(
    "leave no connection and no listener",
    async () => {
      const server = await serve((url) =>
        url.pathname === "/socket" ? webSocket((peer) => peer.send("1")) : events("data: 1\n\n"),
      );
      const page = await openPage(server);
      const devtools = await page.context().newCDPSession(page);
      const before = await listenersOf(devtools);
      await page.evaluate(() => window.page.watch("/stream"));
      await page.waitForFunction(() => window.page.watched.data.length === 1);
      const whileReading = await listenersOf(devtools);
      await page.evaluate(([http, ws]) => window.page.mountAndUnmount(http, ws, 100), [
        "/stream",
        `${server.ws}/socket`,
      ] as const);
      expect(whileReading).toBeGreaterThan(before); // the measure sees what it is to see
      expect(await listenersOf(devtools)).toBe(whileReading);
      await expect.poll(() => server.open, { timeout: 10_000 }).toBe(1);
      expect(streamRequests(server).filter(({ url }) => url.includes("cycle="))).toHaveLength(100);
    },
    BROWSER_MS,
  );
});
