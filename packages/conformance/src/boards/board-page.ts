import type { Browser, ConsoleMessage, Page } from "playwright";

/** One board in a browser profile of its own, as another person would have it open. */
export interface BoardPage {
  readonly name: string;
  readonly page: Page;
  /** What went wrong in the page and was not caught. */
  readonly faults: readonly string[];
  status(): Promise<string>;
  /** Messages folded so far. */
  count(): Promise<number>;
  cpu(): Promise<string>;
  /** All current values. */
  figures(): Promise<string>;
  /** The chart's pixels, and whether there are any. */
  drawing(): Promise<string>;
  /** The texts of the chat, in their order. */
  chat(): Promise<string[]>;
  say(text: string): Promise<void>;
  openAny(url: string): Promise<void>;
  any(): Promise<string>;
}

/** Opens one board. */
export async function openBoard(browser: Browser, feedUrl: string, name: string): Promise<BoardPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(`${name}: ${error.stack}`));
  page.on("console", (message) => {
    if (message.type() === "error" && !isNetwork(message)) faults.push(`${name}: ${message.text()}`);
  });
  await page.goto(`${feedUrl}${name}/`);
  const text = async (testId: string): Promise<string> => (await page.getByTestId(testId).textContent()) ?? "";
  return {
    name,
    page,
    faults,
    status: () => text("status"),
    count: async () => Number(await text("telemetry-count")),
    cpu: () => text("telemetry-value"),
    figures: async () => (await page.locator(".figures dd").allInnerTexts()).join(", "),
    drawing: () => page.getByTestId("chart").evaluate(pixels),
    chat: () => page.getByTestId("chat-log").locator("li p").allTextContents(),
    async say(line) {
      await page.getByTestId("chat-input").fill(line);
      await page.getByTestId("chat-send").click();
    },
    async openAny(url) {
      await page.getByTestId("any-url").fill(url);
      await page.getByTestId("any-open").click();
    },
    any: () => text("any-log"),
  };
}

/** The browser itself tells of each dial that failed; those are what some tests ask for. */
const isNetwork = (message: ConsoleMessage): boolean =>
  /net::ERR_|WebSocket connection to|Failed to load resource/.test(message.text());

/** Runs in the page. */
function pixels(chart: HTMLElement | SVGElement): string {
  const plots = [...chart.querySelectorAll("canvas")];
  const isDrawn = plots.every((plot) => {
    const drawn = plot.getContext("2d")?.getImageData(0, 0, plot.width, plot.height).data;
    return drawn?.some((value) => value !== 0);
  });
  return plots.length > 0 && isDrawn ? plots.map((plot) => plot.toDataURL()).join(" ") : "";
}
