import { mkdtempSync, rmSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient, overSse, TidewireError } from "@tidewire/core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type Feed, startFeed } from "../feed.ts";
import { type Reading, STATS_TOPIC } from "./reading.ts";

const TOKEN = "a token that nobody guesses";
const dataDir = mkdtempSync(join(tmpdir(), "tidewire-stats-"));
afterAll(() => rmSync(dataDir, { recursive: true }));

/** The address of a feed that runs as long as the tests around. */
function serve(statsToken: string | undefined): (path: string) => string {
  let feed: Feed;
  beforeAll(async () => {
    feed = await startFeed({ host: "127.0.0.1", port: 0, dataDir, statsToken, say: () => {} });
  });
  afterAll(() => feed.close());
  return (path) => `http://127.0.0.1:${feed.port}${path}`;
}

const as = (password: string) => ({ authorization: `Basic ${btoa(`ann:${password}`)}` });

/** The status alone: a stream is hung up. */
async function status(url: string, headers: Record<string, string> = {}): Promise<number> {
  const response = await fetch(url, { headers, redirect: "manual" });
  await response.body?.cancel();
  return response.status;
}

/** What a WebSocket is answered with. */
function upgrade(url: string, headers: Record<string, string> = {}): Promise<number | undefined> {
  const key = Buffer.alloc(16).toString("base64");
  const handshake: Record<string, string> = {
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": key,
  };
  return new Promise((resolve, reject) => {
    get(url, { headers: { ...handshake, ...headers } })
      .on("upgrade", ({ statusCode }, socket) => {
        socket.destroy();
        resolve(statusCode);
      })
      .on("response", (response) => resolve(response.resume().statusCode))
      .on("error", reject);
  });
}

function connect(url: string, headers: Record<string, string>) {
  const client = createClient({ url, headers, transport: overSse });
  onTestFinished(() => client.close());
  return client;
}

describe("without a token", () => {
  const at = serve(undefined);

  test.each(["/stats", "/stats/", "/stats/realtime?topic=hub.stats", "/stats/index.html"])(
    "%s is not there",
    async (path) => {
      expect(await status(at(path))).toBe(404);
      expect(await status(at(path), as(TOKEN))).toBe(404);
      expect(await status(at(path), as("undefined"))).toBe(404);
    },
  );

  test("nobody may read the hub's own topics by the other way", async () => {
    expect(await status(at("/realtime?topic=hub.stats"), as(TOKEN))).toBe(403);
    expect(await status(at("/realtime?topic=chat"))).toBe(200);
  });
});

describe("with a token", () => {
  const at = serve(TOKEN);

  test("the page asks for it, and is not kept by anybody", async () => {
    const refused = await fetch(at("/stats/"));
    expect(refused.status).toBe(401);
    expect(refused.headers.get("www-authenticate")).toMatch(/^Basic realm=/);
    expect(await status(at("/stats/"), as("wrong"))).toBe(401);
    expect(await status(at("/stats/index.html"), as(TOKEN.slice(1)))).toBe(401);
    expect(await status(at(`/stats/?token=${TOKEN}`))).toBe(401);
    const page = await fetch(at("/stats/"), { headers: as(TOKEN) });
    expect([200, 503]).toContain(page.status); // built, or not yet
    expect(page.headers.get("cache-control")).toBe("no-store");
  });

  test("so does the line, of plain clients and of Tidewire's", async () => {
    const line = at("/stats/realtime?topic=hub.stats");
    expect(await status(line)).toBe(401);
    expect(await status(line, as("wrong"))).toBe(401);
    expect(await status(line, as(TOKEN))).toBe(200);
    const client = connect(at("/stats/realtime"), as("wrong"));
    const failed = await new Promise((error) => client.topic(STATS_TOPIC).subscribe({ error }));
    expect(failed).toBeInstanceOf(TidewireError);
  });

  test("so does a WebSocket, before the upgrade", async () => {
    const line = at("/stats/realtime?topic=hub.stats");
    expect(await upgrade(line)).toBe(401);
    expect(await upgrade(line, as("wrong"))).toBe(401);
    expect(await upgrade(line, as(TOKEN))).toBe(101);
    expect(await upgrade(at("/realtime?topic=hub.stats"), as(TOKEN))).toBe(403);
  });

  test("the line for everybody gives the other topics as before, and these not even to who knows the token", async () => {
    expect(await status(at("/realtime?topic=chat"))).toBe(200);
    expect(await status(at("/realtime?topic=hub.stats&topic=chat"), as(TOKEN))).toBe(403);
    expect(await status(at("/realtime?topic=hub.events"), as(TOKEN))).toBe(403);
  });

  test("the figures come every second, and tell of who comes and who is refused", { timeout: 30_000 }, async () => {
    const readings: Reading[] = [];
    connect(at("/stats/realtime"), as(TOKEN))
      .topic<Reading>(STATS_TOPIC, { from: 1 })
      .subscribe((reading) => readings.push(reading));
    await expect.poll(() => readings.length).toBeGreaterThan(0);
    const { stats } = readings[0]!;
    const visitor = connect(at("/realtime"), {});
    visitor.topic("chat").subscribe();
    await status(at("/stats/realtime?topic=hub.stats"));
    const newest = () => readings.at(-1)!.stats;
    await expect.poll(() => newest().linesOpened).toBeGreaterThan(stats.linesOpened);
    await expect.poll(() => newest().linesRefused).toBeGreaterThan(stats.linesRefused);
    await expect.poll(() => newest().linesBy["sse"]).toBe(2);
    expect(readings.some(({ perSecond }) => perSecond.linesOpened > 0)).toBe(true);
    expect(readings.every(({ perSecond }) => perSecond.published >= 0)).toBe(true);
  });
});
