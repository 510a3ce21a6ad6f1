import { type Browser, chromium, type Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chromiumOptions } from "../../../../.ci/tools.mjs";
import { seriousFaults } from "./axe.ts";
import { type FeedProcess, startFeedProcess } from "./feed-process.ts";

const TOKEN = "a token that nobody guesses";
const soon = { timeout: 15_000, interval: 100 };

let feed: FeedProcess;
let browser: Browser;

beforeAll(async () => {
  feed = await startFeedProcess({ FEED_STATS_TOKEN: TOKEN });
  browser = await chromium.launch(chromiumOptions());
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await feed?.[Symbol.asyncDispose]();
});

/** A page of a browser whose user answers the question for name and password. */
async function openStats(password: string): Promise<{ page: Page; status: number | undefined }> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    httpCredentials: { username: "ann", password },
  });
  const page = await context.newPage();
  const response = await page.goto(`${feed.url}stats/`);
  return { page, status: response?.status() };
}

test("a browser that gives a wrong token sees no figures", async () => {
  const { page, status } = await openStats("wrong");
  expect(status).toBe(401);
  expect(await page.locator("[data-figure]").count()).toBe(0);
});

test("a browser that gives the token sees figures and events that move, and they outlive the server", {
  timeout: 60_000,
}, async () => {
  const { page, status } = await openStats(TOKEN);
  expect(status).toBe(200);
  const figure = (name: string) => page.locator(`[data-figure="${name}"]`).textContent();
  const word = () => page.locator("#status strong").textContent();
  await expect.poll(word, soon).toBe("open");
  await expect.poll(async () => Number(await figure("sse")), soon).toBe(1);
  const published = Number(await figure("published"));
  await expect.poll(async () => Number(await figure("published")), soon).toBeGreaterThan(published);
  expect(await page.locator("#taking strong").textContent()).toBe("takes new lines");

  const visitor = new WebSocket(`${feed.url.replace("http", "ws")}realtime?topic=chat`);
  await expect.poll(() => figure("websocket"), soon).toBe("1");
  await fetch(`${feed.url}realtime?topic=hub.stats`);
  const newest = async () => (await page.locator("#events tr").first().locator("td").allTextContents()).slice(1);
  await expect.poll(newest, soon).toEqual(["Line refused", '403: You may not read the topic "hub.stats".']);
  visitor.close();
  await expect.poll(newest, soon).toEqual(["Line closed", expect.stringMatching(/^websocket, anybody, after .* s: /)]);
  await expect.poll(() => figure("websocket"), soon).toBe("0");

  await feed.kill();
  await expect.poll(word, soon).toBe("waiting");
  await feed.startAgain();
  await expect.poll(word, { ...soon, timeout: 25_000 }).toBe("open");
  await expect.poll(() => figure("linesOpened"), soon).toBe("1");
  await page.context().close();
});

test("the page has no serious fault that axe can find, in light and dark, and fits on a phone", {
  timeout: 60_000,
}, async () => {
  const { page } = await openStats(TOKEN);
  await expect.poll(() => page.locator("#events tr").count(), soon).toBeGreaterThan(0);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await seriousFaults(page)).toEqual([]);
  }
  await page.setViewportSize({ width: 390, height: 844 });
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth), soon).toBeLessThanOrEqual(390);
  await page.context().close();
});
