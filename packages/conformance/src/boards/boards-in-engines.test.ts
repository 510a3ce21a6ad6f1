import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Engine, engines } from "../../../../.ci/engine.ts";
import { type DrivenPage, openDrivenPage } from "../transport/browser/driven-page.ts";
import { type FeedProcess, startFeedProcess } from "./feed-process.ts";

const frameworks = ["react", "vue", "svelte", "angular", "solid", "vanilla"];
/** In turn, so that the lines of one page stay under the six connections that a browser opens to a host. */
const boards = frameworks.map((name, index) => `/${name}/?over=${index % 2 === 0 ? "sse" : "websocket"}`);
const soon = { timeout: 30_000, interval: 200 };

/** What one board shows, read in the page. */
interface Shown {
  readonly status: string;
  readonly count: number;
  readonly cpu: string;
  readonly isDrawn: boolean;
  readonly chat: string[];
}

/** Runs in the page: opens each board in a frame, and collects what goes wrong in any. */
function openFrames(addresses: readonly string[]): Promise<unknown> {
  const faults: string[] = [];
  Object.assign(window, { faults });
  const open = (src: string) =>
    new Promise((resolve) => {
      const frame = document.body.appendChild(document.createElement("iframe"));
      frame.width = "1280";
      frame.height = "900";
      frame.onload = () => {
        frame.contentWindow?.addEventListener("error", ({ message }) => faults.push(`${src}: ${message}`));
        frame.contentWindow?.addEventListener("unhandledrejection", ({ reason }) => faults.push(`${src}: ${reason}`));
        resolve(undefined);
      };
      frame.src = src;
    });
  return Promise.all(addresses.map(open));
}

/** Runs in the page. */
function look(): Shown[] {
  return [...document.querySelectorAll("iframe")].map(({ contentDocument }) => {
    const text = (id: string) => contentDocument?.querySelector(`[data-testid="${id}"]`)?.textContent?.trim() ?? "";
    const plots = [...(contentDocument?.querySelectorAll<HTMLCanvasElement>('[data-testid="chart"] canvas') ?? [])];
    const pixels = plots.map((plot) => plot.getContext("2d")?.getImageData(0, 0, plot.width, plot.height).data);
    return {
      status: text("status"),
      count: Number(text("telemetry-count")),
      cpu: text("telemetry-value"),
      isDrawn: pixels.length > 0 && pixels.every((data) => data?.some((value) => value !== 0)),
      chat: [...(contentDocument?.querySelectorAll('[data-testid="chat-log"] li p') ?? [])].map(
        (line) => line.textContent ?? "",
      ),
    };
  });
}

/** Runs in the page: writes a line in one board as its user would. */
function say({ index, line }: { index: number; line: string }): void {
  const inside = document.querySelectorAll("iframe")[index]?.contentDocument;
  const input = inside?.querySelector<HTMLInputElement>('[data-testid="chat-input"]');
  const view = inside?.defaultView;
  if (!input || !view) throw new Error(`Board ${index} has no chat.`);
  const { HTMLInputElement: Input, Event: Happening } = view as unknown as typeof globalThis;
  // Past the property that React puts on the element to see who writes.
  Object.getOwnPropertyDescriptor(Input.prototype, "value")?.set?.call(input, line);
  input.dispatchEvent(new Happening("input", { bubbles: true }));
  setTimeout(() => inside?.querySelector<HTMLElement>('[data-testid="chat-send"]')?.click());
}

for (const engine of ["firefox", "webkit"] satisfies Engine[]) {
  const title = `the boards in ${engine}, over SSE and over WebSocket`;
  if (!engines.includes(engine)) {
    it.skip(`${title}: it is not on this machine`, () => {});
    continue;
  }
  describe(title, () => {
    let feed: FeedProcess;
    let page: DrivenPage;
    const shown = () => page.evaluate(look, undefined);
    beforeAll(async () => {
      feed = await startFeedProcess();
      page = await openDrivenPage(engine, feed.url);
      await page.evaluate(openFrames, boards);
    }, 60_000);
    afterAll(async () => {
      await page?.[Symbol.asyncDispose]();
      await feed?.[Symbol.asyncDispose]();
    });

    it("show the machine's own values, moving", { timeout: 60_000 }, async () => {
      const all = <T>(value: T): T[] => boards.map(() => value);
      await expect.poll(async () => (await shown()).map(({ status }) => status), soon).toEqual(all("open"));
      await expect.poll(async () => (await shown()).map(({ isDrawn }) => isDrawn), soon).toEqual(all(true));
      const hasFigures = async () => (await shown()).map(({ cpu }) => /^\d{1,3}\.\d$/.test(cpu));
      await expect.poll(hasFigures, soon).toEqual(all(true));
      const before = await shown();
      const hasMoved = async () => (await shown()).map(({ count }, index) => count > before[index]!.count);
      await expect.poll(hasMoved, soon).toEqual(all(true));
    });

    it("share one chat, in one order", { timeout: 60_000 }, async () => {
      const lines = frameworks.map((name) => `hello from ${name}`);
      for (const [index, line] of lines.entries()) await page.evaluate(say, { index, line });
      const chats = async () => (await shown()).map(({ chat }) => chat.toSorted());
      await expect.poll(chats, soon).toEqual(boards.map(() => lines.toSorted()));
      await expect.poll(async () => new Set((await shown()).map(({ chat }) => String(chat))).size, soon).toBe(1);
    });

    it("throw nothing", async () => {
      expect(await page.evaluate(() => Reflect.get(window, "faults"), undefined)).toEqual([]);
    });
  });
}
