import { once } from "node:events";
import { connect } from "node:net";
import { expect, it, onTestFinished, vi } from "vitest";
import { createHub } from "../hub.ts";
import { toFetchHandler } from "./fetch.ts";
import { serveHub } from "./node.fixture.ts";

const MESSAGE = "x".repeat(100_000);

/** Asks for the topic over plain HTTP and reads the head only. */
async function openDeaf(port: number, version = "1.1") {
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.write(`GET /?topic=a HTTP/${version}\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
  await once(socket, "data");
  socket.pause();
  return socket;
}

it.each(["1.1", "1.0"])(
  "an event stream over HTTP/%s whose reader takes nothing is let go of after two and a half heartbeats",
  async (version) => {
    const { hub, port } = await serveHub({ heartbeatMs: 100, retainMessages: 200, retainBytes: 25_000_000 });
    await openDeaf(port, version);
    expect(hub.stats().lines).toBe(1);
    for (let n = 0; n < 100; n += 1) await hub.publish("a", MESSAGE); // more than the system's own buffers hold
    await expect.poll(() => hub.stats().lines, { timeout: 5000 }).toBe(0);
  },
);

it("one that takes a little at a time is slow, and stays", async () => {
  const { hub, port } = await serveHub({ heartbeatMs: 400, retainMessages: 400, retainBytes: 50_000_000 });
  const socket = await openDeaf(port);
  for (let n = 0; n < 300; n += 1) await hub.publish("a", MESSAGE);
  let taken = 0;
  // Longer than a dead one would be let live.
  for (const end = performance.now() + 2000; performance.now() < end; ) {
    socket.resume();
    const [bytes] = (await once(socket, "data")) as [Buffer];
    taken += bytes.length;
    socket.pause();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(taken).toBeLessThan(300 * MESSAGE.length);
  expect(hub.stats().lines).toBe(1);
});

it("a stream of a Fetch runtime that nobody reads is let go of, too", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  const hub = createHub({ heartbeatMs: 10_000 });
  onTestFinished(() => hub.close());
  const response = await toFetchHandler(hub)(new Request("http://hub.example/?topic=a"));
  expect(response.status).toBe(200);
  await hub.publish("a", MESSAGE);
  await expect.poll(() => hub.stats().maxLag).toBe(0);
  await vi.advanceTimersByTimeAsync(25_000);
  expect(hub.stats().lines).toBe(1);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(hub.stats().lines).toBe(0);
});

it("a session that only POSTs made is forgotten, also while no line is open", async () => {
  let time = 1000;
  const { hub, http } = await serveHub({ heartbeatMs: 20, now: () => time });
  const body = JSON.stringify({ sid: "s".repeat(32), gen: 1, n: 1, frames: [] });
  await fetch(`${http}/up`, { method: "POST", body });
  expect(hub.stats()).toMatchObject({ sessions: 1, lines: 0 });
  time += 61_000;
  await expect.poll(() => hub.stats().sessions).toBe(0);
});
