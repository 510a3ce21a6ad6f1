import type { ChildProcess } from "node:child_process";
import type { Browser } from "playwright";
import { end, nextMessage, start } from "../process.ts";
import type { Answer } from "../render/server.ts";
import { buildSite } from "./build.ts";
import { launch, Tab } from "./chromium.ts";
import { judge, type PageRow } from "./judge.ts";
import type { Pace } from "./pace.ts";

/** Which page is measured, and from where it reads. */
export interface Visit {
  /** The page's module. */
  readonly page: string;
  readonly transport: "sse" | "websocket";
  /** The path it reads from. */
  readonly path: string;
  readonly wire?: string;
}

/** How long a page may take to show what was sent after the last of it. */
const CATCH_UP_MS = 1000;
/** What is sent before anything is measured: the page then reads, and the compiler has seen what is hot. */
const WARM_UP: Pace = { rate: 1000, seconds: 0.2 };
const WARM_UP_TRIES = 10;

/** A browser, and the server process that its pages come from and read. */
export class Stage {
  readonly #server: ChildProcess;
  readonly #port: number;
  readonly #browser: Browser;

  private constructor(server: ChildProcess, port: number, browser: Browser) {
    this.#server = server;
    this.#port = port;
    this.#browser = browser;
  }

  static async open(script: URL): Promise<Stage> {
    await buildSite();
    const server = start(script);
    try {
      const { port = 0 } = await nextMessage<Answer>(server);
      return new Stage(server, port, await launch());
    } catch (error) {
      await end(server);
      throw error;
    }
  }

  /** Opens a page and measures it at each pace in turn; opens it anew, once, when it did not start. */
  async measure(visit: Visit, paces: readonly Pace[]): Promise<PageRow[]> {
    return await this.#visit(visit, paces).catch((error: unknown) => {
      console.error(error);
      return this.#visit(visit, paces);
    });
  }

  async #visit({ page, transport, path, wire = "" }: Visit, paces: readonly Pace[]): Promise<PageRow[]> {
    const query = new URLSearchParams({ page, transport, path, wire });
    const tab = await Tab.open(this.#browser, `http://127.0.0.1:${this.#port}/index.html?${query}`);
    try {
      await this.#warmUp(tab);
      const rows: PageRow[] = [];
      for (const pace of paces) rows.push(await this.#once(tab, pace));
      return rows;
    } finally {
      await tab.close();
    }
  }

  async #warmUp(tab: Tab): Promise<void> {
    for (let tries = 0; tries < WARM_UP_TRIES; tries++) {
      const sent = await this.#send(WARM_UP);
      if (await tab.shows(sent.at(-1)?.[0] ?? 0, 300)) return;
    }
    throw new Error(`The page never showed what was sent. ${tab.errors.join("; ")}`);
  }

  async #once(tab: Tab, pace: Pace): Promise<PageRow> {
    const before = await tab.seen();
    const errorsBefore = tab.errors.length;
    await tab.begin();
    const usedMs = await tab.usedMs();
    const sent = await this.#send(pace);
    const isCaughtUp = await tab.shows(sent.at(-1)?.[0] ?? 0, CATCH_UP_MS);
    const cpuMs = (await tab.usedMs()) - usedMs;
    const after = await tab.seen();
    const errors = tab.errors.slice(errorsBefore);
    return judge({ before, after, sent, isCaughtUp, cpuMs, errors });
  }

  async #send(pace: Pace): Promise<NonNullable<Answer["sent"]>> {
    const answer = nextMessage<Answer>(this.#server, pace.seconds * 1000 + 30_000);
    this.#server.send(pace);
    return (await answer).sent ?? [];
  }

  async close(): Promise<void> {
    await Promise.all([this.#browser.close(), end(this.#server)]);
  }
}
