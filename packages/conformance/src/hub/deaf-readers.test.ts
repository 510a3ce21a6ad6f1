import { fork } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { createClient } from "@tidewire/core";
import { expect, onTestFinished, test } from "vitest";

const DEAF = 1000;
/** A hundred kilobytes each: the first fill the log, the others are the 150 MB that nobody has room for. */
const FILLING = 250;
const MESSAGES = 1500;
const MIB = 1_048_576;

interface Report {
  readonly port: number;
  readonly held: number;
  readonly lines: number;
}

/** A hub in its own process. */
async function startChild() {
  const child = fork(new URL("./deaf-readers.child.ts", import.meta.url), {
    execArgv: ["--expose-gc", "--conditions=@tidewire/source"],
  });
  onTestFinished(() => void child.kill());
  const next = async (): Promise<Report> => ((await once(child, "message")) as [Report])[0];
  const { port } = await next();
  return {
    port,
    async publish(count: number): Promise<Report> {
      child.send({ publish: count });
      return next();
    },
  };
}

/** Asks for the topic and then never reads: by turns as EventSource and as WebSocket. */
async function openDeaf(port: number, index: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  const upgrade =
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
  socket.write(`GET /?topic=a HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${index % 2 ? upgrade : ""}\r\n`);
  await once(socket, "data"); // the head: it was let in
  socket.pause();
  return socket;
}

test("a thousand readers that never read cost the log's own memory, and nobody notices them", async () => {
  const { port, publish } = await startChild();
  const sockets: Socket[] = [];
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  for (let index = 0; index < DEAF; index += 1) sockets.push(await openDeaf(port, index));

  const client = createClient({ url: `http://127.0.0.1:${port}/` });
  onTestFinished(() => client.close());
  const topic = client.topic<{ n: number }>("a");
  const got: number[] = [];
  let gaps = 0;
  topic.gaps$.subscribe(() => {
    gaps += 1;
  });
  topic.subscribe(({ n }) => got.push(n));
  await expect.poll(() => topic.status.status, { timeout: 10_000 }).toBe("open");

  const before = await publish(FILLING); // the log is full from here on
  expect(before.lines).toBe(DEAF + 1);
  await expect.poll(() => got.length, { timeout: 10_000 }).toBe(FILLING);
  const after = await publish(MESSAGES);
  expect(after.lines).toBe(DEAF + 1);
  expect(after.held - before.held).toBeLessThan(32 * MIB);
  await expect.poll(() => got.length, { timeout: 90_000 }).toBe(FILLING + MESSAGES);
  expect(gaps).toBe(0);
}, 180_000);
