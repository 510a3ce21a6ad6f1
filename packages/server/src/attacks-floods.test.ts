import { once } from "node:events";
import net from "node:net";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { dialWs, readSse, type Served, serveHub } from "./adapters/node.fixture.ts";
import { dialTidewire } from "./session/peer.fixture.ts";

const kind = (k: string) => (frame: { k?: string }) => frame.k === k;
const post = (body: string, headers = {}) => ({ method: "POST", body, headers });

async function stillServes({ hub, http }: Served): Promise<void> {
  const stream = await readSse(`${http}/?topic=alive`);
  await hub.publish("alive", 1);
  expect((await stream.take(1))[0]?.data).toBe(1);
}

describe("who sends too much", () => {
  it("a session that floods its line is closed with 4529 and told when to come again", async () => {
    const served = await serveHub({ maxInboundPerSecond: 10 });
    const line = await dialTidewire(served.ws);
    line.hello();
    const { sid } = await line.find(kind("welcome"));
    line.send(...Array.from({ length: 101 }, () => ({ k: "pong" as const, ts: 1 })));
    line.send({ k: "pong", ts: 1 });
    const bye = await line.find(kind("bye"));
    expect(bye).toMatchObject({ code: 4529, after: expect.any(Number) });
    expect((await line.closed).code).toBe(4529);
    // Another line of the same session is not another allowance.
    const body = JSON.stringify({ sid, gen: 1, n: 1, frames: Array(90).fill({ k: "pong", ts: 1 }) });
    const refused = await fetch(`${served.http}/up`, post(body));
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
    expect(await refused.json()).toMatchObject({ k: "bye", code: 4529, after: expect.any(Number) });
    expect(served.hub.stats().linesLimited).toBe(2);
    await stillServes(served);
  });

  it("a plain WebSocket that floods is closed with 4529", async () => {
    const served = await serveHub({ maxInboundPerSecond: 1 });
    let got = 0;
    served.hub.topic("a").onMessage(() => {
      got += 1;
    });
    const line = await dialWs(`${served.ws}/?topic=a`);
    for (let n = 0; n < 50; n += 1) line.send(n);
    expect((await line.closed).code).toBe(4529);
    expect(got).toBeLessThan(20);
    await stillServes(served);
  });

  it("history asked for again and again is replayed as far as the budget goes, then skipped with a gap", async () => {
    const { hub, ws } = await serveHub({ maxReplayBytesPerMinute: 25_000 });
    for (let n = 1; n <= 10; n += 1) await hub.publish("a", "x".repeat(1000));
    const line = await dialTidewire(ws);
    line.hello({ subs: [{ t: "a", from: "earliest" }] });
    expect(await line.data(10)).toHaveLength(10);
    line.send({ k: "sub", id: 1, t: "a", from: "earliest" });
    expect(await line.data(10)).toHaveLength(10);
    line.send({ k: "sub", id: 2, t: "a", from: "earliest" });
    expect(await line.find(kind("gap"))).toMatchObject({ t: "a", from: 0, to: 10, why: "limit" });
    await hub.publish("a", "new");
    expect(await line.data(1)).toEqual(["new"]);
    expect(hub.stats().gaps).toBe(1);
  });

  it("a body of 100 MB is refused at the limit, with or without its length, and nothing of it is kept", async () => {
    const served = await serveHub();
    for (const head of ["Content-Length: 100000000", "Transfer-Encoding: chunked"]) {
      const socket = net.connect(served.port, "127.0.0.1");
      socket.on("error", () => {});
      socket.write(`POST / HTTP/1.1\r\nHost: x\r\n${head}\r\n\r\n`);
      const isChunked = head.startsWith("Transfer");
      const part = "x".repeat(65_536);
      let sent = 0;
      const flood = () => {
        while (!socket.destroyed && sent < 1600) {
          sent += 1;
          if (!socket.write(isChunked ? `10000\r\n${part}\r\n` : part)) return void socket.once("drain", flood);
        }
      };
      let answer = "";
      socket.on("data", (chunk) => (answer += chunk));
      flood();
      await new Promise((resolve) => socket.once("close", resolve));
      // Who goes on sending may be reset before it reads the answer.
      expect(answer).toMatch(/^(HTTP\/1.1 413 |$)/);
      expect(sent, "cut long before its end").toBeLessThan(1600);
    }
    await stillServes(served);
  }, 15_000);

  it("a body that would grow when unpacked is not unpacked", async () => {
    const served = await serveHub();
    const bomb = gzipSync(Buffer.alloc(50_000_000, 0x20));
    expect(bomb.length).toBeLessThan(65_536);
    const response = await fetch(served.http, { method: "POST", body: bomb, headers: { "content-encoding": "gzip" } });
    expect(response.status).toBe(400);
    await stillServes(served);
  });

  it("a body that drips is cut off when a hello would be late", async () => {
    const served = await serveHub({ helloTimeoutMs: 50 });
    const socket = net.connect(served.port, "127.0.0.1");
    socket.on("error", () => {});
    socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{");
    const drip = setInterval(() => socket.write(" "), 10);
    await new Promise((closed) => socket.resume().once("close", closed)); // after a reset, perhaps
    clearInterval(drip);
    await stillServes(served);
  });

  it.each([
    ["arrays within arrays", "[".repeat(60_000)],
    ["closed arrays within arrays", "[".repeat(30_000) + "]".repeat(30_000)],
    ["objects within objects", '{"k":'.repeat(10_000)],
    ["a number of 60 000 digits", `{"k":"pong","ts":${"9".repeat(60_000)}}`],
    ["the same key over and over", `{${'"k":"hello",'.repeat(4000)}"v":1}`],
    [
      "a prototype",
      '{"k":"hello","v":1,"gen":1,"subs":[],"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
    ],
  ])("JSON that is %s leaves the hub serving", async (what, text) => {
    const served = await serveHub();
    const line = await dialTidewire(served.ws);
    line.peer.send(text);
    if (what === "a prototype") await line.find(kind("welcome"));
    else expect((await line.closed).code).toBe(4400);
    expect((await fetch(served.http, post(text))).status).toBe(what === "a prototype" ? 200 : 400);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    await stillServes(served);
  });

  it("a connection that is reset while much is written to it is let go of", async () => {
    const served = await serveHub({ retainBytes: 1e8 });
    const sockets: net.Socket[] = [];
    for (let i = 0; i < 20; i += 1) {
      const socket = net.connect(served.port, "127.0.0.1");
      socket.on("error", () => {});
      socket.write("GET /?topic=a HTTP/1.1\r\nHost: x\r\n\r\n");
      await once(socket, "data");
      sockets.push(socket.pause());
    }
    for (let n = 0; n < 20; n += 1) await served.hub.publish("a", "x".repeat(500_000));
    for (const socket of sockets) socket.resetAndDestroy();
    await expect.poll(() => served.hub.stats().lines).toBe(0);
    await stillServes(served);
  });

  it("a peer that vanished without a word is let go of after two and a half periods", async () => {
    const served = await serveHub({ heartbeatMs: 40 });
    const line = await dialTidewire(served.ws);
    line.hello();
    await line.find(kind("welcome"));
    const plain = await dialWs(`${served.ws}/?topic=a`);
    plain.peer.pause(); // Answers no ping.
    expect(served.hub.stats().lines).toBe(2);
    await expect.poll(() => served.hub.stats().lines, { timeout: 5000 }).toBe(0);
    await stillServes(served);
  });

  it("a clock that jumps a day, either way, costs nobody a line", async () => {
    let skew = 0;
    const { hub, ws } = await serveHub({ heartbeatMs: 20, now: () => Date.now() + skew });
    const line = await dialTidewire(ws);
    line.hello({ subs: [{ t: "a" }] });
    await line.find(kind("live"));
    for (const jump of [86_400_000, -86_400_000, 0]) {
      skew = jump;
      for (let beat = 0; beat < 3; beat += 1) {
        await line.find(kind("ping"));
        line.send({ k: "pong", ts: 1 });
      }
      await hub.publish("a", jump);
      expect(await line.data(1)).toEqual([jump]);
    }
  });
});
