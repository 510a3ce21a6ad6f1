import type { Browser, Page, Route } from "playwright";

/** A page that is watched from its first byte. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors and warnings of the console, and what was thrown. */
  readonly complaints: readonly string[];
  /** Lets the scripts through, which `hold` kept back. */
  release(): Promise<void>;
  /** What the list showed, at every change since the HTML was read; and whether its first element is still that of the HTML. */
  history(): Promise<History>;
}

export interface History {
  readonly shown: readonly (readonly string[])[];
  readonly isSameElement: boolean;
}

/** Opens a page and keeps its scripts back, so that what the server rendered stands alone. */
export async function openHeld(browser: Browser, url: string): Promise<WatchedPage> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.addInitScript(watchList);
  let held: Route[] | undefined = [];
  await page.route(
    (address) => address.pathname.endsWith(".js"),
    (route) => {
      if (held) held.push(route);
      else return route.continue();
    },
  );
  await page.goto(url, { waitUntil: "commit" });
  await page.locator("form button").waitFor();
  return {
    page,
    complaints,
    async release() {
      const routes = held ?? [];
      held = undefined;
      await Promise.all(routes.map((route) => route.continue()));
    },
    history: () => page.evaluate(() => (globalThis as unknown as { readList(): History }).readList()),
  };
}

/** Runs in the page, before anything of its own. */
function watchList(): void {
  const shown: string[][] = [];
  let first: Element | undefined;
  const read = (): void => {
    const list = document.querySelector("ul");
    if (list === null || document.querySelector("form") === null) return; // the HTML is still coming
    first ??= list;
    const lines = [...list.querySelectorAll("li")].map(({ textContent }) => textContent ?? "");
    if (JSON.stringify(lines) !== JSON.stringify(shown.at(-1))) shown.push(lines);
  };
  new MutationObserver(read).observe(document, { childList: true, subtree: true, characterData: true });
  Object.assign(globalThis, {
    readList: () => ({ shown, isSameElement: first !== undefined && first === document.querySelector("ul") }),
  });
}

/** The list of a page that runs no scripts. */
export async function readWithoutScripts(browser: Browser, url: string): Promise<string[]> {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(url);
  const lines = await page.locator("li").allTextContents();
  await context.close();
  return lines;
}

/** Writes a line by the page's own form, as a visitor without scripts. */
export async function write(browser: Browser, url: string, text: string): Promise<void> {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(url);
  await page.getByRole("textbox").fill(text);
  await page.getByRole("button").click();
  await page.locator("li", { hasText: text }).waitFor(); // the answer shows it: it is in the log
  await context.close();
}
