import { once } from "node:events";
import { readFileSync } from "node:fs";
import { get, type IncomingMessage } from "node:http";
import { createRequire } from "node:module";
import { type Browser, chromium, type Page } from "playwright";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { findChromium } from "../../../../.ci/tools.mjs";
import { events, webSocket } from "../transport/replies.ts";
import { createScriptedServer } from "../transport/scripted-server.ts";
import { type BoardPage, openBoard } from "./board-page.ts";
import { type FeedProcess, startFeedProcess } from "./feed-process.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const names = ["react", "vue", "svelte", "vanilla"];
const soon = { timeout: 10_000, interval: 50 };
/** Between two dials a board waits up to a few seconds. */
const afterDials = { timeout: 25_000, interval: 50 };

let feed: FeedProcess;
let browser: Browser;
let boards: BoardPage[] = [];

beforeAll(async () => {
  feed = await startFeedProcess();
  const executablePath = findChromium();
  browser = await chromium.launch({
    ...(executablePath && { executablePath }),
    args: ["--no-sandbox", "--disable-gpu"],
  });
  boards = await Promise.all(names.map((name) => openBoard(browser, feed.url, name)));
}, 30_000);
afterEach(() => {
  expect(boards.flatMap(({ faults }) => faults)).toEqual([]);
});
afterAll(async () => {
  await browser?.close();
  await feed?.[Symbol.asyncDispose]();
});

const onEach = <T>(act: (board: BoardPage) => Promise<T>): Promise<T[]> => Promise.all(boards.map(act));
const four = <T>(value: T): T[] => names.map(() => value);

describe("the four boards", () => {
  test("show the machine's own values, moving", { timeout: 20_000 }, async () => {
    await expect.poll(() => onEach((board) => board.status()), soon).toEqual(four("open"));
    await onEach(async (board) => {
      await expect.poll(() => board.count(), soon).toBeGreaterThan(0);
      expect(await board.cpu()).toMatch(/^\d{1,3}\.\d$/);
      // All of them together: on a machine at its limit the CPU stands at 100.
      const seen = new Set<string>();
      await expect.poll(async () => seen.add(await board.figures()).size, soon).toBeGreaterThan(2);

      const [count, drawing] = [await board.count(), await board.drawing()];
      expect(drawing).not.toBe("");
      await expect.poll(() => board.count(), soon).toBeGreaterThan(count);
      await expect.poll(() => board.drawing(), soon).not.toBe(drawing);
    });
  });

  test("share one chat: a line written in one appears in all, once, in the same order", {
    timeout: 20_000,
  }, async () => {
    for (const board of boards) await board.say(`hello from ${board.name}`);
    const expected = names.map((name) => `hello from ${name}`);
    await expect.poll(() => onEach((board) => board.chat()), soon).toEqual(four(expected));
  });

  test("outlive a server that is killed: they wait, return, count on, and no line is lost or doubled", {
    timeout: 60_000,
  }, async () => {
    const before = await onEach((board) => board.chat());
    const counts = await onEach((board) => board.count());
    await onEach((board) => board.say(`${board.name}: at the last moment`));
    await feed.kill();

    await expect.poll(() => onEach((board) => board.status()), soon).toEqual(four("waiting"));
    const countdown = /next try (in \d+ s|now), attempt \d+/;
    await onEach((board) =>
      expect.poll(() => board.page.locator(".machine .more").textContent(), soon).toMatch(countdown),
    );
    await onEach((board) => board.say(`${board.name}: while it was down`));
    await onEach((board) => board.say(`${board.name}: and once more`));
    await onEach(async (board) =>
      expect((await board.chat()).slice(-2)).toEqual([
        `${board.name}: while it was down`,
        `${board.name}: and once more`,
      ]),
    );

    await feed.startAgain();
    await expect.poll(() => onEach((board) => board.status()), afterDials).toEqual(four("open"));
    await onEach(async (board) =>
      expect.poll(() => board.count(), soon).toBeGreaterThan(counts[boards.indexOf(board)]! + 4),
    );

    const written = ["at the last moment", "while it was down", "and once more"];
    const expected = [...before[0]!, ...names.flatMap((name) => written.map((text) => `${name}: ${text}`))].sort();
    await expect.poll(() => onEach(async (board) => (await board.chat()).sort()), afterDials).toEqual(four(expected));
    await expect.poll(() => onEach((board) => board.page.locator(".chat .pending").count()), soon).toEqual(four(0));
    const [first, ...others] = await onEach((board) => board.chat());
    expect(others).toEqual([first, first, first]);
  });

  test("a page that opens later has the whole chat", { timeout: 20_000 }, async () => {
    const late = await openBoard(browser, feed.url, "svelte");
    await expect.poll(() => late.chat(), soon).toEqual(await boards[0]!.chat());
    await late.page.context().close();
  });

  test("read any SSE and any WebSocket endpoint", { timeout: 30_000 }, async () => {
    await using server = await createScriptedServer((request) =>
      request.url === "/events"
        ? events("event: tick\ndata: one of any type\n\n", "data: two\n\n")
        : webSocket((peer) => peer.send("three, through a WebSocket")),
    );
    await onEach(async (board) => {
      await board.openAny(`${server.http}/events`);
      await expect.poll(() => board.any(), soon).toMatch(/two.*one of any type/s);
      await board.openAny(`${server.ws}/socket`);
      await expect.poll(() => board.any(), soon).toContain("three, through a WebSocket");
      expect(await board.any()).not.toContain("two");
      await board.openAny("https://");
      await expect.poll(() => board.page.getByTestId("any-status").textContent(), soon).toBe("failed");
      await expect.poll(() => board.any(), soon).not.toContain("three");
      await board.page.getByTestId("any-close").click();
      await expect.poll(() => board.page.getByTestId("any-status").textContent(), soon).toBe("idle");
    });
  });

  test("have no serious fault that axe can find, in light and dark, and fit on a phone", {
    timeout: 60_000,
  }, async () => {
    for (const page of [...boards.map(({ page }) => page), await indexPage()]) {
      await page.emulateMedia({ colorScheme: "light" });
      expect(await seriousFaults(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: "dark" });
      expect(await seriousFaults(page, ["color-contrast"])).toEqual([]); // all else is the same in the dark
      await page.setViewportSize({ width: 390, height: 844 });
      await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth), soon).toBeLessThanOrEqual(390);
    }
  });
});

describe("plain clients of the feed", () => {
  test("read it like `curl -N`", async () => {
    const request = get(`${feed.url}realtime?topic=telemetry`);
    const [response] = (await once(request, "response")) as [IncomingMessage];
    let text = "";
    for await (const chunk of response.setEncoding("utf8")) {
      text += chunk;
      if (/^event: telemetry\nid: \S+\ndata: \{.*"cpu":.*\}\n\n/m.test(text)) break;
    }
    expect(response.statusCode).toBe(200);
  });

  test("a browser's own EventSource reads telemetry, and its own WebSocket the chat's history", {
    timeout: 20_000,
  }, async () => {
    const page = await indexPage();
    await expect.poll(() => page.locator("#cpu").textContent(), soon).toMatch(/^\d{1,3}\.\d$/);
    const history = await page.evaluate(
      (wanted) =>
        new Promise<string[]>((resolve, reject) => {
          const texts: string[] = [];
          const socket = new WebSocket(`ws://${location.host}/realtime?topic=chat&from=100`);
          socket.onerror = () => reject(new Error("the WebSocket failed"));
          socket.onmessage = ({ data }) => {
            if (texts.push(JSON.parse(data).text) < wanted) return;
            socket.close();
            resolve(texts);
          };
        }),
      (await boards[0]!.chat()).length,
    );
    expect(history).toEqual(await boards[0]!.chat());
  });
});

test("the feed ends at once and cleanly when it is asked to, with all its readers there", {
  timeout: 10_000,
}, async () => {
  expect(await feed.end("SIGTERM")).toBe(0);
  await expect.poll(() => onEach((board) => board.status()), soon).toEqual(four("waiting"));
});

async function indexPage(): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.goto(feed.url);
  return page;
}

interface AxeResults {
  readonly violations: readonly {
    id: string;
    impact: string;
    nodes: readonly { html: string; failureSummary: string }[];
  }[];
}

/** What axe-core calls serious or critical, with the element and the reason. */
async function seriousFaults(page: Page, rules?: readonly string[]): Promise<unknown[]> {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe);
  const options = { resultTypes: ["violations"], ...(rules && { runOnly: rules }) };
  const { violations } = await page.evaluate<AxeResults>(`axe.run(${JSON.stringify(options)})`);
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html, failureSummary }) => ({ html, failureSummary })) }));
}
