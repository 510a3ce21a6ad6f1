import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { get, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient, overSse, overWebSocket } from "@tidewire/core";
import type { AnswerPart, Reply } from "board/assistant";
import { asChatLine, type ChatLine, TEXT_LENGTH } from "board/chat";
import { PROCESSES_TOLD, type Process } from "board/processes";
import type { Telemetry } from "board/telemetry";
import type { Typist } from "board/typing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Feed, startFeed } from "./feed.ts";

const dataDir = mkdtempSync(join(tmpdir(), "tidewire-feed-"));
let feed: Feed;
const start = (): Promise<Feed> => startFeed({ host: "127.0.0.1", port: 0, dataDir, say: () => {} });
beforeAll(async () => {
  feed = await start();
});
afterAll(async () => {
  await feed.close();
  rmSync(dataDir, { recursive: true });
});

/** A request with the path exactly as it is written. */
async function ask(path: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  const request = get({ host: "127.0.0.1", port: feed.port, path, headers });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return response;
}

async function status(path: string, headers?: Record<string, string>): Promise<number | undefined> {
  const response = await ask(path, headers);
  response.resume();
  await once(response, "end");
  return response.statusCode;
}

/** A plain client in the chat. */
async function join100() {
  const socket = new WebSocket(`ws://127.0.0.1:${feed.port}/realtime?topic=chat&from=100`);
  const lines: ChatLine[] = [];
  socket.onmessage = ({ data }) => lines.push(asChatLine(JSON.parse(data))!);
  await once(socket, "open");
  return { lines, say: (message: unknown) => socket.send(JSON.stringify(message)), leave: () => socket.close() };
}

const line = (id: string): ChatLine => ({ id, from: "Ada", text: `text ${id}`, at: 1 });

describe("the site", () => {
  test("has an index page, and a board's address without its slash leads to the board", async () => {
    expect((await ask("/")).headers["content-type"]).toContain("text/html");
    const moved = await ask("/react");
    expect([moved.statusCode, moved.headers.location]).toEqual([308, "/react/"]);
  });

  test.each(["/../package.json", "/%2e%2e/package.json", "/react/../../package.json", "/react/%2e%2e/package.json"])(
    "does not serve %s, which is outside",
    async (path) => {
      expect([404, 503]).toContain(await status(path));
    },
  );

  test("stands malformed addresses and ranges", async () => {
    expect(await status("/%E0%A4%A")).toBe(404);
    expect(await status("/%00")).toBe(404);
    expect(await status("/board.css", { range: "bytes=9-3" })).toBe(200);
    expect(await status("/board.css", { range: "bytes=-1-x" })).toBe(200);
  });
});

test("telemetry of this machine comes as a plain event stream", async () => {
  const response = await ask("/realtime?topic=telemetry");
  expect(response.headers["content-type"]).toContain("text/event-stream");
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) {
    text += chunk;
    if (/^data: .*\n\n/m.test(text)) break;
  }
  expect(text).toMatch(/^event: telemetry$/m);
  const reading = JSON.parse(/^data: (.*)$/m.exec(text)![1]!) as Telemetry;
  expect(reading.cpu).toBeGreaterThanOrEqual(0);
  expect(reading.cpu).toBeLessThanOrEqual(100);
  expect(reading.cores.length).toBeGreaterThan(0);
  expect(reading.memory.used).toBeGreaterThan(0);
  expect(reading.memory.used).toBeLessThan(reading.memory.total);
  expect(reading.network.received).toBeGreaterThanOrEqual(0);
  expect(Math.abs(Date.now() - reading.at)).toBeLessThan(10_000);
});

/** A Tidewire client of the feed. */
function connect(transport: typeof overSse | typeof overWebSocket) {
  const client = createClient({ url: `http://127.0.0.1:${feed.port}/realtime`, transport });
  return { client, [Symbol.dispose]: () => client.close() };
}

test("the busiest processes come together, one message each", async () => {
  using connected = connect(overWebSocket);
  const rows: Process[] = [];
  connected.client.topic<Process>("processes", { from: PROCESSES_TOLD }).subscribe((row) => rows.push(row));
  await expect.poll(() => rows.length, { timeout: 10_000 }).toBeGreaterThan(0);
  const first = rows.filter(({ at }) => at === rows[0]!.at);
  expect(first.length).toBeLessThanOrEqual(PROCESSES_TOLD);
  expect(new Set(first.map(({ pid }) => pid)).size).toBe(first.length);
  expect(first.every(({ cpu, memory, name }) => cpu >= 0 && memory >= 0 && name !== "")).toBe(true);
});

test.each([
  ["SSE", overSse],
  ["WebSocket", overWebSocket],
] as const)(
  "an answer over %s comes word by word on a topic of its own, and is given once",
  async (name, transport) => {
    using connected = connect(transport);
    const { client } = connected;
    const ask = (text: string) => client.call<Reply>("ask", { id: name, text });
    const reply = await ask("Is the memory full?");
    const again = await ask("Is the memory full?");
    expect(again).toEqual(reply);
    const parts: AnswerPart[] = [];
    const { topic } = reply as { topic: string };
    client.topic<AnswerPart>(topic, { from: "earliest" }).subscribe((part) => parts.push(part));
    await expect.poll(() => parts.at(-1)?.isLast, { timeout: 15_000 }).toBe(true);
    const text = parts.map((part) => part.text).join("");
    expect(text).toMatch(/^Of .* of memory .* no word comes twice\.$/);
    expect(parts.filter(({ isLast }) => isLast)).toHaveLength(1);
    await expect(ask("")).resolves.toHaveProperty("problem");
  },
);

test("who is typing is told to all, until it stops or falls silent", { timeout: 15_000 }, async () => {
  using connected = connect(overSse);
  const typing = connected.client.topic<readonly Typist[], unknown>("typing", { from: 1 });
  const told: string[] = [];
  typing.subscribe((typists) => told.push(typists.map(({ name }) => name).join()));
  await expect.poll(() => told.at(-1)).toBe("");
  const ada = { id: "a", name: "Ada" };
  await typing.send({ ...ada, isTyping: true }, { volatile: true });
  await typing.send({ id: "b", name: "Bob", isTyping: true });
  await typing.send({ nonsense: true });
  await typing.send({ ...ada, isTyping: false });
  await expect.poll(() => told.at(-1), { timeout: 10_000 }).toBe("");
  expect(told).toEqual(["", "Ada", "Ada,Bob", "Bob", ""]);
});

describe("the chat", () => {
  test("gives a line to everybody, once, with the feed's time; what is no line is left out", async () => {
    const [ada, bob] = [await join100(), await join100()];
    ada.say({ nonsense: true });
    ada.say({ ...line("too long"), text: "x".repeat(TEXT_LENGTH + 1) });
    ada.say(line("a"));
    ada.say(line("a"));
    ada.say(line("b"));
    await expect.poll(() => bob.lines.at(-1)?.id).toBe("b");
    expect(bob.lines.map(({ id }) => id)).toEqual(["a", "b"]);
    expect(bob.lines[0]!.at).toBeGreaterThan(line("a").at);
    await expect.poll(() => ada.lines).toEqual(bob.lines);
    ada.leave();
    bob.leave();
  });

  test("is there after a restart, and knows a line that is sent again", async () => {
    await feed.close();
    feed = await start();
    const cleo = await join100();
    await expect.poll(() => cleo.lines.map(({ id }) => id)).toEqual(["a", "b"]);
    cleo.say(line("a"));
    cleo.say(line("c"));
    await expect.poll(() => cleo.lines.map(({ id }) => id)).toEqual(["a", "b", "c"]);
    cleo.leave();
  });
});
