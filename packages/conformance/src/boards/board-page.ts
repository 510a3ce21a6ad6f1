import type { BrowserContext, ConsoleMessage, Page } from "playwright";

/** What carries a board's one line to the hub. */
export type Over = "sse" | "websocket";

/** An answer as far as it is shown. */
export interface ShownAnswer {
  readonly state: string;
  readonly text: string;
}

/** One board in a tab of its own. */
export interface BoardPage {
  /** The framework, and the transport: "react over sse". */
  readonly name: string;
  readonly over: Over;
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
  /** The numbers of the processes in the table, and their share of the CPU. */
  processes(): Promise<{ readonly pid: number; readonly cpu: number }[]>;
  /** The texts of the chat, in their order. */
  chat(): Promise<string[]>;
  say(text: string): Promise<void>;
  /** Who is typing. */
  typing(): Promise<string>;
  ask(question: string): Promise<void>;
  answer(): Promise<ShownAnswer>;
  openAny(url: string): Promise<void>;
  any(): Promise<string>;
}

/** Opens one board. */
export async function openBoard(
  context: BrowserContext,
  feedUrl: string,
  framework: string,
  over: Over,
): Promise<BoardPage> {
  const page = await context.newPage();
  const name = `${framework} over ${over}`;
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(`${name}: ${error.stack}`));
  page.on("console", (message) => {
    if (message.type() === "error" && !isNetwork(message)) faults.push(`${name}: ${message.text()}`);
  });
  await page.goto(`${feedUrl}${framework}/?over=${over}`);
  const text = async (testId: string): Promise<string> => (await page.getByTestId(testId).textContent()) ?? "";
  const enter = async (input: string, line: string, button: string): Promise<void> => {
    await page.getByTestId(input).fill(line);
    await page.getByTestId(button).click();
  };
  return {
    name,
    over,
    page,
    faults,
    status: () => text("status"),
    count: async () => Number(await text("telemetry-count")),
    cpu: () => text("telemetry-value"),
    figures: async () => (await page.locator(".figures dd").allInnerTexts()).join(", "),
    drawing: () => page.getByTestId("chart").evaluate(pixels),
    processes: () => page.getByTestId("processes").locator("tbody tr").evaluateAll(rows),
    chat: () => page.getByTestId("chat-log").locator("li p").allTextContents(),
    say: (line) => enter("chat-input", line, "chat-send"),
    typing: () => text("chat-typing"),
    ask: (question) => enter("ask-input", question, "ask-send"),
    answer: () => page.locator(".assistant").evaluate(shownAnswer),
    openAny: (url) => enter("any-url", url, "any-open"),
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

/** Runs in the page. */
function rows(elements: (HTMLElement | SVGElement)[]): { pid: number; cpu: number }[] {
  return elements.map((row) => {
    const [pid, cpu] = [...row.querySelectorAll("td")].map((cell) => Number.parseFloat(cell.textContent ?? ""));
    return { pid: pid ?? Number.NaN, cpu: cpu ?? Number.NaN };
  });
}

/** Runs in the page: state and text of one moment. */
function shownAnswer(panel: HTMLElement | SVGElement): { state: string; text: string } {
  const text = (testId: string): string => panel.querySelector(`[data-testid="${testId}"]`)?.textContent ?? "";
  return { state: text("answer-state"), text: text("answer") };
}
