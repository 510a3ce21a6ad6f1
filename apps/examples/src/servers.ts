import { deepEqual, equal, ok } from "node:assert/strict";
import { type ClientOptions, createClient, overSse, overWebSocket } from "@tidewire/core";
import type { Program } from "./program.ts";
import type { Check } from "./report.ts";

const WAIT_MS = 10_000;

/** Drives one recipe: how it streams, what it hears of those who go, and how it ends. */
export async function checkServer(check: Check, program: Program): Promise<void> {
  const { url } = program;
  const news = `${url}/realtime?topic=news`;
  await check("the head of a stream comes before its first message, and each message at once", async () => {
    const stream = await openStream(news);
    ok(await stream.until("retry:"));
    await publish(url, { n: 1 });
    ok(await stream.until('{"n":1}'));
    stream.abort();
  });
  await check("a reader that goes is heard of", async () => {
    const stream = await openStream(news);
    await linesAre(url, 1);
    stream.abort();
    await linesAre(url, 0);
  });
  for (const transport of [overSse, overWebSocket]) {
    await check(`a Tidewire client reads and publishes ${transport.name}`, () => talk(url, transport));
    await check("and is heard of when it goes", () => linesAre(url, 0));
  }
  await check("the other paths stay the framework's own", async () => {
    equal((await fetch(`${url}/realtime-not`)).status, 404);
  });
  await check("it closes gracefully: streams end, sockets are told 1012, the process exits with 0", async () => {
    const stream = await openStream(news);
    const socket = new WebSocket(news.replace("http", "ws"));
    await event(socket, "open");
    const closed = event(socket, "close") as Promise<CloseEvent>;
    const code = await program.end();
    equal((await closed).code, 1012);
    ok(await stream.ended());
    equal(code, 0, program.said());
  });
  await check("it wrote no error", () => equal(program.said(), ""));
}

async function talk(url: string, transport: NonNullable<ClientOptions["transport"]>): Promise<void> {
  const client = createClient({ url: `${url}/realtime`, transport });
  const topic = client.topic<{ n: number }>("news");
  const heard: number[] = [];
  let resolve!: () => void;
  let reject!: (why: unknown) => void;
  const done = new Promise<void>((pass, fail) => {
    resolve = pass;
    reject = fail;
  });
  const timer = setTimeout(() => reject(new Error(`Heard ${heard} in ${WAIT_MS} ms.`)), WAIT_MS);
  const reading = topic.subscribe(({ n }) => {
    heard.push(n);
    if (n === 3) resolve();
  });
  const status = topic.status$.subscribe((now) => {
    if (now.status === "failed") reject(now.error);
    if (now.status !== "open" || heard.length > 0) return;
    status.unsubscribe();
    for (const n of [1, 2, 3]) topic.send({ n }).catch(reject);
  });
  try {
    await done;
    deepEqual(heard, [1, 2, 3]);
  } finally {
    clearTimeout(timer);
    reading.unsubscribe();
    client.close();
  }
}

interface Stream {
  /** Reads on until the text has come; false when the stream ends before. Throws when it stays silent. */
  until(text: string): Promise<boolean>;
  /** True when the server ends it in order. */
  ended(): Promise<boolean>;
  abort(): void;
}

async function openStream(url: string): Promise<Stream> {
  const abort = new AbortController();
  const signal = AbortSignal.any([abort.signal, AbortSignal.timeout(2 * WAIT_MS)]);
  const response = await fetch(url, { signal });
  equal(response.status, 200);
  ok(response.body);
  const chunks = response.body.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
  let text = "";
  const until = async (wanted: string): Promise<boolean> => {
    while (!text.includes(wanted)) {
      const { done, value } = await chunks.next();
      if (done) return false;
      text += value;
    }
    return true;
  };
  return { until, ended: async () => !(await until("\0")), abort: () => abort.abort() };
}

async function publish(url: string, data: unknown): Promise<void> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${url}/news`, { method: "POST", headers, body: JSON.stringify(data) });
  equal(response.status, 200);
}

async function linesAre(url: string, wanted: number): Promise<void> {
  const deadline = Date.now() + WAIT_MS;
  let lines: unknown;
  while (Date.now() < deadline) {
    ({ lines } = (await (await fetch(`${url}/health`)).json()) as { lines: unknown });
    if (lines === wanted) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  equal(lines, wanted);
}

function event(socket: WebSocket, name: string): Promise<Event> {
  return new Promise((resolve) => socket.addEventListener(name, resolve, { once: true }));
}
