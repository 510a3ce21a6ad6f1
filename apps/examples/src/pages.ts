import { deepEqual, equal, ok } from "node:assert/strict";
import type { Browser } from "playwright";
import { openHeld, readWithoutScripts, type WatchedPage, write } from "./page.ts";
import type { Program } from "./program.ts";
import type { Check } from "./report.ts";

const WAIT_MS = 15_000;

/** Drives one guestbook: what the server renders, what becomes of it in the browser, and what comes in between. */
export async function checkPages(check: Check, program: Program, browser: Browser): Promise<void> {
  const { url } = program;
  await check("an empty log is rendered, and its first message ever arrives live", async () => {
    const reader = await openHeld(browser, url);
    await write(browser, url, "one");
    await reader.release();
    await shows(reader, ["one"]);
    await reader.page.context().close();
  });
  await check("without scripts the page has the value, and the form works", async () => {
    await write(browser, url, "two");
    deepEqual(await readWithoutScripts(browser, url), ["one", "two"]);
  });
  await check("rendering opens no connection", () => deepEqual(program.dials(), []));

  const reader = await openHeld(browser, url);
  await check("the first paint is the server's", async () =>
    deepEqual(await reader.page.locator("li").allTextContents(), ["one", "two"]),
  );
  await check("what is published between the server's rendering and the first line arrives, once", async () => {
    await write(browser, url, "in the gap");
    await write(browser, url, "and again");
    await reader.release();
    await shows(reader, ["one", "two", "in the gap", "and again"]);
  });
  await check("what is published later arrives, also where it is the page's own", async () => {
    await reader.page.getByRole("status").filter({ hasText: "open" }).waitFor({ timeout: WAIT_MS });
    await write(browser, url, "live");
    await shows(reader, ["one", "two", "in the gap", "and again", "live"]);
    await reader.page.getByRole("textbox").fill("mine");
    await reader.page.getByRole("button").click();
    await shows(reader, ["one", "two", "in the gap", "and again", "live", "mine"]);
  });
  await check("nothing jumps: each state of the list goes on from the one before", async () => {
    const { shown, isSameElement } = await reader.history();
    ok(isSameElement, "The list of the HTML was replaced.");
    deepEqual(shown[0], ["one", "two"]);
    for (const [i, lines] of shown.entries()) deepEqual(lines.slice(0, shown[i - 1]?.length ?? 0), shown[i - 1] ?? []);
  });
  await check("hydration complains of nothing", () => deepEqual(reader.complaints, []));
  await check("the server ends on SIGTERM with a page open", async () => {
    const code = await program.end();
    ok(code === 0 || code === null, `Exit code ${code}: ${program.said()}`);
  });
  await reader.page.context().close();
  await check("the server wrote no error", () => equal(/error|warn/i.exec(program.said())?.input, undefined));
}

/** Drives a server that has the pages alone, and not the hub's own path. */
export async function checkRendering(check: Check, program: Program, browser: Browser): Promise<void> {
  await check("without scripts the page has the value, and the form works", async () => {
    await write(browser, program.url, "carried");
    deepEqual(await readWithoutScripts(browser, program.url), ["carried"]);
  });
  await check("the server wrote no error", () => equal(/error|warn/i.exec(program.said())?.input, undefined));
}

/** Waits until the list is as long as `lines`, and compares. */
async function shows({ page }: WatchedPage, lines: readonly string[]): Promise<void> {
  const last = page.locator("li", { hasText: lines.at(-1) ?? "" });
  await last.first().waitFor({ timeout: WAIT_MS });
  deepEqual(await page.locator("li").allTextContents(), lines);
}
