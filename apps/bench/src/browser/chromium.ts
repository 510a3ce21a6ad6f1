import { type Browser, type CDPSession, chromium, type Page } from "playwright";
import { chromiumOptions } from "../../../../.ci/tools.mjs";
import type { Seen } from "../site/probe.ts";

/** Enough for four numbers: there is no graphics card here, so every pixel is CPU that the page has not. */
const SIZE = { width: 480, height: 320 };

export async function launch(): Promise<Browser> {
  return await chromium.launch(chromiumOptions());
}

/** One page in a context, and so in a process, of its own. */
export class Tab {
  readonly page: Page;
  readonly #cdp: CDPSession;
  /** What the page threw or complained of, since it was opened. */
  readonly errors: string[] = [];

  private constructor(page: Page, cdp: CDPSession) {
    this.page = page;
    this.#cdp = cdp;
    page.on("pageerror", (error) => this.errors.push(`${error}`));
    page.on("console", (said) => {
      if (said.type() === "error") this.errors.push(said.text());
    });
  }

  static async open(browser: Browser, url: string): Promise<Tab> {
    const context = await browser.newContext({ viewport: SIZE });
    const page = await context.newPage();
    const cdp = await context.newCDPSession(page);
    await cdp.send("Performance.enable");
    const tab = new Tab(page, cdp);
    await page.goto(url, { waitUntil: "load" });
    await page.waitForFunction("window.probe !== undefined", undefined, { timeout: 20_000 }).catch((cause: unknown) => {
      throw new Error(`${url} did not start. ${tab.errors.join("; ")}`, { cause });
    });
    return tab;
  }

  /** What the page's main thread has used up so far, in milliseconds of CPU. */
  async usedMs(): Promise<number> {
    const { metrics } = await this.#cdp.send("Performance.getMetrics");
    return (metrics.find(({ name }) => name === "ThreadTime")?.value ?? Number.NaN) * 1000;
  }

  begin(): Promise<void> {
    return this.page.evaluate(() => window.probe?.begin());
  }

  /** Waits until a message is on the screen, at most so long. */
  shows(n: number, timeoutMs: number): Promise<boolean> {
    return this.page.evaluate(([n, ms]) => window.probe?.shows(n, ms) ?? false, [n, timeoutMs] as const);
  }

  async seen(): Promise<Seen> {
    const seen = await this.page.evaluate(() => window.probe?.seen());
    if (!seen) throw new Error("The page has no probe.");
    return seen;
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
