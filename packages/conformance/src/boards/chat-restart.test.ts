import { createClient } from "@tidewire/core";
import { chromium } from "playwright";
import { expect, onTestFinished, test } from "vitest";
import { chromiumOptions } from "../../../../.ci/tools.mjs";
import { openBoard } from "./board-page.ts";
import { startFeedProcess } from "./feed-process.ts";

test("the chat outlives a feed that is killed: pages that stayed and pages that come show each line once, without a gap", {
  timeout: 60_000,
}, async () => {
  const feed = await startFeedProcess();
  const browser = await chromium.launch(chromiumOptions());
  const client = createClient({ url: `${feed.url}realtime` });
  onTestFinished(async () => {
    client.close();
    await browser.close();
    await feed[Symbol.asyncDispose]();
  });
  const gaps: unknown[] = [];
  const read: string[] = [];
  const chat = client.topic<{ text: string }>("chat", { from: "earliest" });
  chat.gaps$.subscribe((gap) => gaps.push(gap));
  chat.subscribe(({ text }) => read.push(text));
  const context = await browser.newContext();
  const stayed = await openBoard(context, feed.url, "vanilla", "websocket");
  await stayed.say("before it was killed");
  await expect.poll(() => stayed.chat()).toEqual(["before it was killed"]);
  await expect.poll(() => read).toEqual(["before it was killed"]);

  await feed.kill();
  await feed.startAgain();
  await expect.poll(() => stayed.status(), { timeout: 25_000 }).toBe("open");
  const came = await openBoard(context, feed.url, "vanilla", "sse");
  await expect.poll(() => came.chat(), { timeout: 10_000 }).toEqual(["before it was killed"]);
  await came.say("and after");
  for (const page of [stayed, came]) {
    await expect.poll(() => page.chat(), { timeout: 10_000 }).toEqual(["before it was killed", "and after"]);
  }
  await expect.poll(() => read, { timeout: 25_000 }).toEqual(["before it was killed", "and after"]);
  expect(gaps).toEqual([]);
  expect([...stayed.faults, ...came.faults]).toEqual([]);
});
