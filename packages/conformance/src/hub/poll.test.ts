import { overPoll } from "@tidewire/core";
import { createHub } from "@tidewire/server";
import { toFetchHandler } from "@tidewire/server/fetch";
import { expect, onTestFinished, test } from "vitest";
import { startHub } from "./hub.fixture.ts";

const hello = { k: "hello", v: 1, wait: 50_000 };
const post = (signal: AbortSignal) => ({ method: "POST", body: JSON.stringify(hello), signal });

test("whoever hangs up on a held poll frees its place at once, on Node and on Fetch runtimes", async () => {
  const { hub, proxy } = await startHub();
  const elsewhere = createHub();
  onTestFinished(() => elsewhere.close());
  const handler = toFetchHandler(elsewhere);
  // With a cursor at the top there is nothing to say, and both are held.
  const held = async (core: typeof hub.core) => {
    const { e, top: o } = (await core.topics.use("b")).log;
    return JSON.stringify({ ...hello, gen: 2, subs: [{ t: "b", e, o }] });
  };
  const stop = new AbortController();
  const waiting = [
    fetch(`http://127.0.0.1:${proxy.port}/poll`, { ...post(stop.signal), body: await held(hub.core) }),
    handler(new Request("http://hub.test/poll", { ...post(stop.signal), body: await held(elsewhere.core) })),
  ].map((answer) => answer.catch(() => undefined));
  await expect.poll(() => [hub.core.lines.size, elsewhere.core.lines.size]).toEqual([1, 1]);
  stop.abort();
  await expect
    .poll(() => [hub.core.lines.size, elsewhere.core.lines.size], { timeout: 200, interval: 5 })
    .toEqual([0, 0]);
  await Promise.all(waiting);
});

test("a hub that answers every poll at once with nothing is not hammered", async () => {
  let polls = 0;
  const { connect } = await startHub();
  const welcome = '{"k":"welcome","v":1,"sid":"s","gen":1,"node":"n","ping":10000,"ack":0,"max":65536}';
  const fetch = async (): Promise<Response> => {
    polls += 1;
    return new Response(welcome, { headers: { "content-type": "text/plain" } });
  };
  const client = connect({ transport: (address) => overPoll(address, { fetch }) });
  client.topic("a").subscribe(() => {});
  await expect.poll(() => polls).toBe(4);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(polls).toBe(4);
});
