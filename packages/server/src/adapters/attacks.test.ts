import { once } from "node:events";
import net from "node:net";
import { describe, expect, it } from "vitest";
import { dialTidewire } from "../session/peer.fixture.ts";
import { readSse, serveHub } from "./node.fixture.ts";

const kind = (k: string) => (frame: { k?: string }) => frame.k === k;

/** A raw socket that was upgraded to the protocol. */
async function rawSocket(port: number): Promise<net.Socket> {
  const socket = net.connect(port, "127.0.0.1");
  socket.on("error", () => {});
  socket.write(
    "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" +
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: tidewire.v1\r\n\r\n",
  );
  await once(socket, "data");
  return socket;
}

/** After an attack the hub still serves. */
async function stillServes({
  hub,
  ws,
}: {
  hub: Awaited<ReturnType<typeof serveHub>>["hub"];
  ws: string;
}): Promise<void> {
  const line = await dialTidewire(ws);
  line.hello({ subs: [{ t: "alive" }] });
  await line.find(kind("live"));
  await hub.publish("alive", 1);
  expect(await line.data(1)).toEqual([1]);
}

describe("an attack leaves the hub serving", () => {
  it("a frame that announces 100 MB is refused from its head alone", async () => {
    const served = await serveHub();
    const socket = await rawSocket(served.port);
    const head = Buffer.alloc(14);
    head[0] = 0x81;
    head[1] = 0xff;
    head.writeBigUInt64BE(100_000_000n, 2);
    socket.resume().write(head);
    await once(socket, "close");
    await stillServes(served);
  });

  it("an endless message in fragments is closed at the limit", async () => {
    const served = await serveHub();
    const socket = await rawSocket(served.port);
    const fragment = Buffer.alloc(6 + 100, 0x20);
    fragment[1] = 0x80 | 100;
    fragment.fill(0, 2, 6);
    let sent = 0;
    const closed = once(socket.resume(), "close");
    const flood = () => {
      while (!socket.destroyed && sent < 100_000) {
        fragment[0] = sent === 0 ? 0x01 : 0x00;
        sent += 1;
        if (!socket.write(Buffer.from(fragment))) return void socket.once("drain", flood);
      }
    };
    flood();
    await closed;
    await stillServes(served);
  }, 15_000);

  it("a flood of pings by a peer that reads nothing piles up nothing", async () => {
    const served = await serveHub();
    const socket = await rawSocket(served.port);
    socket.pause();
    const ping = Buffer.from([0x89, 0x80, 0, 0, 0, 0]);
    const flood = Buffer.concat(Array(10_000).fill(ping));
    for (let i = 0; i < 20; i += 1) if (!socket.write(flood)) await once(socket, "drain");
    await stillServes(served);
    socket.destroy();
  });

  it("topics named like parts of objects are topics", async () => {
    const served = await serveHub();
    const names = ["__proto__", "constructor", "toString", "hasOwnProperty"];
    const line = await dialTidewire(served.ws);
    line.hello({ subs: names.map((t) => ({ t })) });
    for (let i = 0; i < names.length; i += 1) await line.find(kind("live"));
    for (const name of names) await served.hub.publish(name, { name });
    expect(await line.data(4)).toEqual(expect.arrayContaining(names.map((name) => ({ name }))));
  });

  it("a hundred thousand subs are refused, in one hello or one by one", async () => {
    const served = await serveHub({ maxInboundChars: 10_000_000 });
    const line = await dialTidewire(served.ws);
    line.hello({ subs: Array.from({ length: 100_000 }, (_, i) => ({ t: `t${i}` })) });
    expect((await line.closed).code).toBe(4400);
    const other = await dialTidewire(served.ws);
    other.hello();
    other.send(...Array.from({ length: 500 }, (_, id) => ({ k: "sub" as const, id, t: `t${id}` })));
    await other.find((frame) => frame.k === "err" && frame.id === 499);
    expect(served.hub.stats().topics).toBe(100);
    await stillServes(served);
  });

  it("answers that nobody reads close the line", async () => {
    const served = await serveHub({ retainBytes: 1e8 });
    const line = await dialTidewire(served.ws);
    line.hello({ subs: [{ t: "a" }] });
    await line.find(kind("live"));
    line.peer.pause();
    for (let n = 0; n < 80; n += 1) await served.hub.publish("a", "x".repeat(200_000));
    for (let round = 0; round < 4; round += 1) {
      line.send(...Array.from({ length: 500 }, (_, id) => ({ k: "unsub" as const, id, t: "none" })));
    }
    await expect.poll(() => served.hub.stats().lines, { timeout: 5000 }).toBe(0);
    await stillServes(served);
  }, 15_000);

  it("cursors beyond reason are answered with a gap, without a scan", async () => {
    const served = await serveHub();
    await served.hub.publish("a", 1);
    const line = await dialTidewire(served.ws);
    line.hello({ subs: [{ t: "a", e: Number.MAX_SAFE_INTEGER, o: Number.MAX_SAFE_INTEGER }] });
    expect(await line.find(kind("gap"))).toMatchObject({ to: 0, why: "rollback" });
    expect(await line.data(1)).toEqual([1]);
    await stillServes(served);
  });

  it("payloads full of line ends, NUL and half surrogates arrive as one event with the same bytes", async () => {
    const served = await serveHub();
    const nasty = "a\r\n\r\nevent: gap\ndata: {}\n\n\0\u2028\ufeff\ud800";
    const stream = await readSse(`${served.http}/?topic=a`);
    const line = await dialTidewire(served.ws);
    line.hello({ subs: [{ t: "a" }] });
    await line.find(kind("live"));
    await served.hub.publish("a", { [nasty]: nasty });
    const [event] = await stream.take(1);
    expect(event).toMatchObject({ type: "a", data: { [nasty]: nasty } });
    expect(await line.data(1)).toEqual([{ [nasty]: nasty }]);
    for (const bad of ["a\n", "a\r", "\0", "", "\ud800", "x".repeat(256)]) {
      await expect(served.hub.publish(bad, 1)).rejects.toMatchObject({ code: "option-invalid" });
    }
  });
});

describe("an idle topic", () => {
  it("is forgotten, and whoever returns to it hears of the gap", async () => {
    const { hub, http } = await serveHub({ idleTopicMs: 1, heartbeatMs: 10 });
    hub.topic("kept");
    await hub.publish("a", 1);
    const first = await readSse(`${http}/?topic=a&from=earliest`);
    const [one] = await first.take(1);
    const other = await readSse(`${http}/?topic=b`);
    first.abort();
    await expect.poll(() => hub.stats().topics).toBe(2);
    await hub.publish("a", 2);
    const back = await readSse(`${http}/?topic=a`, { "Last-Event-ID": one?.id as string });
    expect(await back.take(2)).toMatchObject([{ type: "gap", data: { why: "restart" } }, { data: 2 }]);
    other.abort();
  });
});
