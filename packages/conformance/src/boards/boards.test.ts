import { type Browser, type BrowserContext, chromium, type Page } from "playwright";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { chromiumOptions } from "../../../../.ci/tools.mjs";
import { createFaultProxy } from "../faults/fault-proxy.ts";
import { events, webSocket } from "../transport/replies.ts";
import { createScriptedServer } from "../transport/scripted-server.ts";
import { seriousFaults } from "./axe.ts";
import { type BoardPage, type Over, openBoard } from "./board-page.ts";
import { type FeedProcess, startFeedProcess } from "./feed-process.ts";
import { readPlainly } from "./plain-stream.ts";

const frameworks = ["react", "vue", "svelte", "angular", "solid", "vanilla"];
const transports: readonly Over[] = ["sse", "websocket"];
const soon = { timeout: 15_000, interval: 100 };
/** Between two dials a board waits up to a few seconds. */
const afterDials = { timeout: 25_000, interval: 100 };
/** All pages are loaded again at once, and then an answer comes at its own pace: on a busy machine that takes long. */
const afterAnswer = { timeout: 60_000, interval: 100 };

let feed: FeedProcess;
let browser: Browser;
/** Where further pages are opened. */
let profile: BrowserContext;
/** Each framework over each transport, all at once, in one chat. */
let boards: BoardPage[] = [];

beforeAll(async () => {
  feed = await startFeedProcess();
  browser = await chromium.launch(chromiumOptions());
  // Two profiles: each holds so many pages that HTTP/1.1 has connections enough for their lines, and starts fewer processes.
  const viewport = { width: 1280, height: 900 };
  const profiles = await Promise.all([0, 1].map(() => browser.newContext({ viewport })));
  profile = profiles[0]!;
  const pages = frameworks.flatMap((name) => transports.map((over) => ({ name, over })));
  boards = await Promise.all(
    pages.map(({ name, over }, index) => openBoard(profiles[index % 4 < 2 ? 0 : 1]!, feed.url, name, over)),
  );
}, 60_000);
afterEach(() => {
  expect(boards.flatMap(({ faults }) => faults)).toEqual([]);
});
afterAll(async () => {
  await browser?.close();
  await feed?.[Symbol.asyncDispose]();
});

const onEach = <T>(act: (board: BoardPage) => Promise<T>): Promise<T[]> => Promise.all(boards.map(act));
const all = <T>(value: T): T[] => boards.map(() => value);

describe("the boards, over SSE and over WebSocket", () => {
  test("show the machine's own values, moving", { timeout: 30_000 }, async () => {
    await expect.poll(() => onEach((board) => board.status()), soon).toEqual(all("open"));
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

  test("show the busiest processes, each once, the busiest first", { timeout: 20_000 }, async () => {
    await onEach(async (board) => {
      await expect.poll(async () => (await board.processes()).length, soon).toBeGreaterThan(1);
      const shown = await board.processes();
      expect(new Set(shown.map(({ pid }) => pid)).size).toBe(shown.length);
      expect(shown).toEqual(shown.toSorted((a, b) => b.cpu - a.cpu));
    });
  });

  test("share one chat: a line written in one appears in all, once, in the same order", {
    timeout: 30_000,
  }, async () => {
    for (const board of boards) await board.say(`hello from ${board.name}`);
    const expected = boards.map(({ name }) => `hello from ${name}`).sort();
    const chats = () => onEach(async (board) => (await board.chat()).sort());
    await expect.poll(chats, soon).toEqual(all(expected));
    await expect.poll(() => onEach((board) => board.page.locator(".chat .pending").count()), soon).toEqual(all(0));
    expect(new Set((await onEach((board) => board.chat())).map(String)).size).toBe(1);
  });

  test("say who is typing to the others alone, and only while it lasts", { timeout: 30_000 }, async () => {
    const [typist, ...others] = boards;
    await typist!.page.getByTestId("chat-input").pressSequentially("hm");
    const words = () => Promise.all(others.map((board) => board.typing()));
    await expect.poll(words, soon).toEqual(others.map(() => "React is typing …"));
    expect(await typist!.typing()).toBe("");
    await expect.poll(words, soon).toEqual(others.map(() => ""));
  });

  test("outlive a server that is killed: they wait, return, count on, and no line is lost or doubled", {
    timeout: 90_000,
  }, async () => {
    await expect.poll(() => onEach((board) => board.status()), soon).toEqual(all("open"));
    const before = await boards[0]!.chat();
    const counts = await onEach((board) => board.count());
    const [asking] = boards;
    await asking!.ask("How is the machine?");
    await expect.poll(() => asking!.answer(), soon).toMatchObject({ state: "answering", text: /\S/ });
    await onEach((board) => board.say(`${board.name}: at the last moment`));
    await feed.kill();

    await expect.poll(() => onEach((board) => board.status()), soon).toEqual(all("waiting"));
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
    await expect.poll(() => onEach((board) => board.status()), afterDials).toEqual(all("open"));
    await onEach(async (board) =>
      expect.poll(() => board.count(), soon).toBeGreaterThan(counts[boards.indexOf(board)]! + 4),
    );

    const written = ["at the last moment", "while it was down", "and once more"];
    const expected = [...before, ...boards.flatMap(({ name }) => written.map((text) => `${name}: ${text}`))].sort();
    await expect.poll(() => onEach(async (board) => (await board.chat()).sort()), afterDials).toEqual(all(expected));
    await expect.poll(() => onEach((board) => board.page.locator(".chat .pending").count()), soon).toEqual(all(0));
    expect(new Set((await onEach((board) => board.chat())).map(String)).size).toBe(1); // one order for all
    await expect.poll(async () => (await asking!.answer()).state, soon).toMatch(/started anew .* ask again$/);
  });
});

describe("one board of each framework, in turn over either transport", () => {
  beforeAll(async () => {
    const stays = ({ over }: BoardPage, index: number) => over === transports[Math.floor(index / 2) % 2];
    const [staying, leaving] = [boards.filter(stays), boards.filter((board, index) => !stays(board, index))];
    await Promise.all(leaving.map(({ page }) => page.close()));
    boards = staying;
    expect(boards.map(({ name }) => name)).toEqual(
      frameworks.map((name, index) => `${name} over ${transports[index % 2]}`),
    );
  });

  test("show an answer whole and once, although the page was loaded again in the middle of it", {
    timeout: 120_000,
  }, async () => {
    await onEach(async (board) => {
      await board.ask("How is the machine?");
      await expect.poll(() => board.answer(), soon).toMatchObject({ state: "answering", text: /\S/ });
      const before = await board.answer();
      const isTraveller = board.name === "vanilla over websocket"; // the saved cursor is good for any transport
      await (isTraveller ? changeTransport(board.page, "sse") : board.page.reload());
      await expect.poll(async () => (await board.answer()).state, afterAnswer).toBe("answered");
      const { text } = await board.answer();
      expect(text.startsWith(before.text)).toBe(true);
      expect(text).toMatch(wholeAnswer);
      if (isTraveller) await changeTransport(board.page, "websocket");
      await expect.poll(() => board.answer(), soon).toEqual({ state: "answered", text });
    });
    await expect.poll(() => onEach((board) => board.status()), soon).toEqual(all("open"));
  });

  test("can be used by keyboard alone", { timeout: 30_000 }, async () => {
    const line = "written by keyboard";
    const byKeyboard = async ({ page }: BoardPage): Promise<void> => {
      await tabTo(page, "over-sse");
      await tabTo(page, "chat-input");
      await page.keyboard.type(line);
      await page.keyboard.press("Enter");
      await tabTo(page, "ask-input");
      await page.keyboard.press("Enter");
      await expect.poll(() => page.getByTestId("answer-state").textContent(), soon).toMatch(/^answer/);
    };
    await onEach(byKeyboard);
    const written = async (board: BoardPage) => (await board.chat()).filter((text) => text === line).length;
    await expect.poll(() => onEach(written), soon).toEqual(all(boards.length));
  });

  test("a page that opens later has the whole chat", { timeout: 20_000 }, async () => {
    const late = await openBoard(profile, feed.url, "svelte", "websocket");
    await expect.poll(() => late.chat(), soon).toEqual(await boards[0]!.chat());
    await late.page.close();
  });

  test("work where the browser's language is no valid tag", { timeout: 60_000 }, async () => {
    const context = await browser.newContext();
    await context.addInitScript(() => {
      Object.defineProperty(Navigator.prototype, "language", { get: () => "C" });
      Object.defineProperty(Navigator.prototype, "languages", { get: () => ["C"] });
    });
    for (const framework of frameworks) {
      const board = await openBoard(context, feed.url, framework, "sse");
      await expect.poll(() => board.count(), soon).toBeGreaterThan(0);
      await expect.poll(() => board.drawing(), soon).not.toBe("");
      expect(board.faults).toEqual([]);
      await board.page.close();
    }
    await context.close();
  });

  test("read any SSE and any WebSocket endpoint", { timeout: 30_000 }, async () => {
    await using server = await createScriptedServer((request) =>
      request.url === "/events"
        ? events("event: tick\ndata: one of any type\n\n", "data: two\n\n")
        : webSocket((peer) => peer.send("three, through a WebSocket")),
    );
    const read = async (board: BoardPage): Promise<void> => {
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
    };
    await onEach(read);
  });

  test("have no serious fault that axe can find, in light and dark, and fit on a phone", {
    timeout: 60_000,
  }, async () => {
    const index = await indexPage(feed.url);
    const pages = boards.map((board) => board.page);
    for (const page of [...pages, index]) {
      expect(await seriousFaults(page)).toEqual([]);
      await page.setViewportSize({ width: 390, height: 844 });
      await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth), soon).toBeLessThanOrEqual(390);
    }
    for (const page of [pages[0]!, index]) {
      await page.emulateMedia({ colorScheme: "dark" });
      expect(await seriousFaults(page, ["color-contrast"])).toEqual([]); // all else is the same in the dark, and all boards
    }
  });
});

describe("plain clients of the feed", () => {
  test("`curl -N` resumes behind the Last-Event-ID it gives, without loss or repetition", async () => {
    const chat = await boards[0]!.chat();
    const whole = await readPlainly(`${feed.url}realtime?topic=chat&from=earliest`, {}, chat.length);
    expect(whole.map(({ data }) => data.text)).toEqual(chat);
    const { id } = whole[3]!;
    const rest = await readPlainly(`${feed.url}realtime?topic=chat`, { "Last-Event-ID": id }, chat.length - 4);
    expect(rest).toEqual(whole.slice(4));
  });

  test("a browser's own EventSource resumes by itself when its line is cut", { timeout: 30_000 }, async () => {
    await using proxy = await createFaultProxy(Number(new URL(feed.url).port));
    const page = await indexPage(`http://localhost:${proxy.port}/`);
    await page.evaluate(listenPlainly);
    const heard = () => page.evaluate("heard") as Promise<string[]>;
    const chat = await boards[0]!.chat();
    await expect.poll(heard, soon).toEqual(chat);
    proxy.reset();
    await boards[0]!.say("while the EventSource was away");
    await expect.poll(heard, soon).toEqual([...chat, "while the EventSource was away"]);
    await expect.poll(() => page.evaluate("opened"), soon).toBe(2);
    await page.close();
  });

  test("a browser's own WebSocket reads the chat's history", { timeout: 20_000 }, async () => {
    const page = await indexPage(feed.url);
    await expect.poll(() => page.locator("#cpu").textContent(), soon).toMatch(/^\d{1,3}\.\d$/);
    const chat = await boards[0]!.chat();
    expect(await page.evaluate(historyPlainly, chat.length)).toEqual(chat);
    await page.close();
  });
});

test("the feed ends at once and cleanly when it is asked to, with all its readers there", {
  timeout: 15_000,
}, async () => {
  expect(await feed.end("SIGTERM")).toBe(0);
  await expect.poll(() => onEach((board) => board.status()), soon).toEqual(all("waiting"));
});

/** Every chapter once, in order, to the last word. A busy machine may not have read its processes when the question comes, and says so. */
const wholeAnswer =
  /^The machine is [^.]*: its \d+ cores are [\d.]+ % busy\. The busiest is core \d+ with [\d.]+ %, and the load over a minute is [\d.]+\. Of [\d.]+ .?B of memory [\d.]+ .?B are taken, which is \d+ %\. It receives [\d.]+ .?B\/s and sends [\d.]+ .?B\/s, over all its interfaces\. (?:Its busiest process is .+, number \d+, with [\d.]+ % of the CPU, before .+ with [\d.]+ %|Which processes are running it does not say)\. No model wrote this: the server put it together from its newest reading, and every word is a message of its own\. Reload the page in the middle, or change the transport: the answer goes on where it was, and no word comes twice\.$/;

async function indexPage(url: string): Promise<Page> {
  const page = await profile.newPage();
  await page.goto(url);
  return page;
}

async function changeTransport(page: Page, over: Over): Promise<void> {
  await page.getByTestId(`over-${over}`).click();
  await page.waitForURL(new RegExp(`over=${over}$`));
}

/** Presses Tab until the part has the focus. */
async function tabTo(page: Page, testId: string): Promise<void> {
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-testid"));
  for (let presses = 0; (await focused()) !== testId; presses += 1) {
    expect(presses, `Tab reaches ${testId}`).toBeLessThan(40);
    await page.keyboard.press("Tab");
  }
}

/** Runs in the page. */
function listenPlainly(): void {
  const heard: string[] = [];
  const source = new EventSource("/realtime?topic=chat&from=earliest");
  Object.assign(window, { heard, opened: 0, source });
  source.onopen = () => Object.assign(window, { opened: Number(Reflect.get(window, "opened")) + 1 });
  source.addEventListener("chat", ({ data }) => heard.push(JSON.parse(data).text));
}

/** Runs in the page. */
function historyPlainly(wanted: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const texts: string[] = [];
    const socket = new WebSocket(`ws://${location.host}/realtime?topic=chat&from=100`);
    socket.onerror = () => reject(new Error("the WebSocket failed"));
    socket.onmessage = ({ data }) => {
      if (texts.push(JSON.parse(data).text) < wanted) return;
      socket.close();
      resolve(texts);
    };
  });
}
