import { once } from "node:events";
import net from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { dialWs, serveHub } from "./node.fixture.ts";

const GOOD = {
  Host: "x",
  Upgrade: "websocket",
  Connection: "Upgrade",
  "Sec-WebSocket-Version": "13",
  "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
};

/** Asks for an upgrade by hand, and gives the first that is answered. */
async function ask(port: number, headers: Readonly<Record<string, string>>, method = "GET") {
  const socket = net.connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`${method} /?topic=a HTTP/1.1\r\n${lines.join("")}\r\n`);
  const [answer] = (await once(socket, "data")) as [Buffer];
  return { socket, answer: answer.toString() };
}

describe("a handshake", () => {
  it("is answered as the standard's own example", async () => {
    const { port } = await serveHub();
    const { answer } = await ask(port, { ...GOOD, "Sec-WebSocket-Protocol": "chat, superchat" });
    expect(answer).toBe(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
    );
  });

  it.each([
    ["another method", {}, "POST", 405],
    ["another protocol", { Upgrade: "h2c" }, "GET", 400],
    ["a key that is none", { "Sec-WebSocket-Key": "short" }, "GET", 400],
    ["another version", { "Sec-WebSocket-Version": "7" }, "GET", 400],
    ["a list of protocols that is none", { "Sec-WebSocket-Protocol": "a,,b" }, "GET", 400],
  ])("is refused with %s, and the versions that are spoken are named", async (_what, header, method, status) => {
    const { hub, port } = await serveHub();
    const { answer } = await ask(port, { ...GOOD, ...header }, method);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain("Sec-WebSocket-Version: 13, 8\r\n");
    expect(hub.stats().lines).toBe(0);
  });
});

describe("a WebSocket", () => {
  it("is read from the first byte behind its request", async () => {
    const { hub, port } = await serveHub();
    const seen: unknown[] = [];
    hub.topic("a").onMessage((data) => void seen.push(data));
    const socket = net.connect(port, "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    const lines = Object.entries(GOOD).map(([name, value]) => `${name}: ${value}\r\n`);
    const frame = Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0x37]);
    socket.write(Buffer.concat([Buffer.from(`GET /?topic=a HTTP/1.1\r\n${lines.join("")}\r\n`), frame]));
    await expect.poll(() => seen).toEqual([7]);
    socket.write(frame);
    await expect.poll(() => seen).toEqual([7, 7]);
  });
});

describe("a WebSocket ends", () => {
  it("with the close that the client said", async () => {
    const { hub, ws } = await serveHub();
    const line = await dialWs(`${ws}/?topic=a`);
    line.peer.close(4001, "bye");
    expect(await line.closed).toEqual({ code: 4001, reason: "bye" });
    const other = await dialWs(`${ws}/?topic=a`);
    other.peer.close();
    expect((await other.closed).code).toBe(1005);
    await expect.poll(() => hub.stats().lines).toBe(0);
  });

  it("with its client's side of the connection", async () => {
    const { hub, port } = await serveHub();
    const { socket } = await ask(port, GOOD);
    socket.end();
    await once(socket, "end");
    await expect.poll(() => hub.stats().lines).toBe(0);
  });

  it("in two seconds where a close is not answered, and nothing is written after it", async () => {
    const { hub, port } = await serveHub();
    const { socket } = await ask(port, GOOD);
    const written: Buffer[] = [];
    socket.on("data", (bytes: Buffer) => written.push(bytes));
    socket.write(Buffer.from([0x82, 0x80, 0, 0, 0, 0]));
    await expect.poll(() => written.length).toBe(1);
    await hub.publish("a", 1);
    await wait(50);
    expect(Buffer.concat(written).subarray(2).toString()).toBe("\x11\x30text messages only");
    expect(hub.stats().lines).toBe(1);
    await expect.poll(() => hub.stats().lines, { timeout: 4000 }).toBe(0);
  });

  it("at once where a frame breaks the rules, whatever follows", async () => {
    const { hub, port } = await serveHub();
    const { socket } = await ask(port, GOOD);
    socket.write(Buffer.from([0xf1, 0x80, 0, 0, 0, 0]));
    const [close] = (await once(socket, "data")) as [Buffer];
    expect([...close]).toEqual([0x88, 2, 0x03, 0xea]);
    socket.write(Buffer.alloc(100_000));
    socket.end();
    await expect.poll(() => hub.stats().lines).toBe(0);
  });
});
