import { once } from "node:events";
import net from "node:net";
import { describe, expect, it, vi } from "vitest";
import { dialWs, refusedUpgrade, serveHub } from "./node.fixture.ts";

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe("a plain WebSocket", () => {
  it("carries one topic's payloads as they are", async () => {
    const { hub, ws } = await serveHub();
    await hub.publish("a", 1);
    await hub.publish("a", { text: "é\n" });
    const line = await dialWs(`${ws}/?topic=a&from=earliest`);
    await hub.publish("a", null);
    expect(await line.take(3)).toEqual([1, { text: "é\n" }, null]);
  });

  it("names the topic when there are several", async () => {
    const { hub, ws } = await serveHub();
    const line = await dialWs(`${ws}/?topic=a&topic=b"`);
    await hub.publish("a", 1);
    await hub.publish('b"', 2);
    expect(await line.take(2)).toEqual([
      { topic: "a", data: 1 },
      { topic: 'b"', data: 2 },
    ]);
  });

  it("serves Node's own WebSocket, with messages of every length", async () => {
    const { hub, ws } = await serveHub({ retainBytes: 1e8 });
    const peer = new WebSocket(`${ws}/?topic=a`);
    await once(peer, "open");
    const lengths = [0, 1, 123, 124, 125, 65_533, 65_534, 70_000, 300_000];
    const seen: number[] = [];
    const done = new Promise<void>((resolve) => {
      peer.addEventListener("message", ({ data }) => {
        seen.push(JSON.parse(data).length);
        if (seen.length === lengths.length) resolve();
      });
    });
    for (const length of lengths) void hub.publish("a", "é".repeat(length));
    await done;
    expect(seen).toEqual(lengths);
    peer.close();
  });

  it("hands what comes up to the topic's handler and to the hub's, in order", async () => {
    const { hub, ws } = await serveHub();
    const own = vi.fn();
    const any = vi.fn();
    const chat = hub.topic<string, { text: string }>("chat");
    chat.onMessage(async ({ text }) => {
      if (text === "1") await new Promise((resolve) => setImmediate(resolve));
      own(text);
      await chat.publish(text);
    });
    hub.onMessage(any);
    const line = await dialWs(`${ws}/?topic=chat`);
    for (const n of range(1, 5)) line.send({ text: String(n) });
    expect(await line.take(5)).toEqual(["1", "2", "3", "4", "5"]);
    expect(own.mock.calls.map(([text]) => text)).toEqual(["1", "2", "3", "4", "5"]);
    expect(any).toHaveBeenCalledWith("chat", { text: "1" }, { line: expect.any(String), transport: "websocket" });
  });

  it("takes {topic, data} when there are several topics", async () => {
    const { hub, ws } = await serveHub();
    const handler = vi.fn();
    hub.topic("b").onMessage(handler);
    const line = await dialWs(`${ws}/?topic=a&topic=b`);
    line.send({ topic: "b", data: 1 });
    await vi.waitFor(() => expect(handler).toHaveBeenCalledWith(1, expect.anything()));
    line.send({ topic: "c", data: 1 });
    expect((await line.closed).code).toBe(4400);
  });

  it.each([
    ["not JSON", "{", 4400],
    ["too large", JSON.stringify("x".repeat(70_000)), 4413],
    ["far too large", JSON.stringify("x".repeat(1_000_000)), 1009],
    ["deep", "[".repeat(60_000), 4400],
  ])("closes a line that sends what is %s", async (_what, message, code) => {
    const { hub, ws } = await serveHub();
    hub.onMessage(() => {});
    const line = await dialWs(`${ws}/?topic=a`);
    line.send(message);
    expect((await line.closed).code).toBe(code);
  });

  it("closes a line that sends bytes", async () => {
    const { ws } = await serveHub();
    const line = await dialWs(`${ws}/?topic=a`);
    line.peer.send(Buffer.from([1]));
    expect((await line.closed).code).toBe(4400);
  });

  it("closes a line that sends to a topic which takes no messages", async () => {
    const { hub, ws } = await serveHub();
    const stop = hub.topic("a").onMessage(() => {});
    stop();
    const line = await dialWs(`${ws}/?topic=a`);
    line.send(1);
    expect((await line.closed).code).toBe(4403);
  });

  it("closes the one line whose message a handler threw at, and says so", async () => {
    const onError = vi.fn();
    const { hub, ws } = await serveHub({ onError });
    const broken = new Error("broken");
    hub.topic<number>("a").onMessage((n) => {
      if (n === 13) throw broken;
      void hub.publish("a", n);
    });
    const [one, other] = await Promise.all([dialWs(`${ws}/?topic=a`), dialWs(`${ws}/?topic=a`)]);
    one.send(13);
    expect(await one.closed).toEqual({ code: 4500, reason: "internal error" });
    expect(onError).toHaveBeenCalledWith(broken, "a message to a");
    other.send(1);
    expect(await other.take(1)).toEqual([1]);
  });
});

describe("an upgrade is refused before it happens", () => {
  it("when the page is of another host", async () => {
    const { ws, host } = await serveHub();
    expect(await refusedUpgrade(`${ws}/?topic=a`, { Origin: "https://evil.example" })).toMatchObject({ status: 403 });
    const line = await dialWs(`${ws}/?topic=a`, { Origin: `http://${host}` });
    expect(line.peer.readyState).toBe(line.peer.OPEN);
  });

  it("when no topic is named, the hub is full, or it closes", async () => {
    const { hub, ws } = await serveHub({ maxLines: 1 });
    expect(await refusedUpgrade(`${ws}/`)).toMatchObject({ status: 400 });
    await dialWs(`${ws}/?topic=a`);
    const full = await refusedUpgrade(`${ws}/?topic=a`);
    expect(full).toMatchObject({ status: 503, headers: { "retry-after": expect.stringMatching(/^\d+$/) } });
    await hub.close();
    expect(await refusedUpgrade(`${ws}/?topic=a`)).toMatchObject({ status: 503 });
  });
});

describe("a WebSocket line", () => {
  it("is closed with 1012 when the hub closes", async () => {
    const { hub, ws } = await serveHub();
    const line = await dialWs(`${ws}/?topic=a`);
    await hub.close();
    expect(await line.closed).toEqual({ code: 1012, reason: "the server restarts" });
    expect(hub.core.lines.size).toBe(0);
  });

  it("is pinged when silent and freed when it shows no sign of life", async () => {
    const { hub, ws, port } = await serveHub({ heartbeatMs: 40 });
    const line = await dialWs(`${ws}/?topic=a`);
    const dead = net.connect(port, "127.0.0.1");
    dead.write(
      "GET /?topic=a HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" +
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    );
    await expect.poll(() => hub.core.lines.size).toBe(2);
    dead.resume();
    await once(dead, "close");
    await once(line.peer, "ping");
    expect(hub.core.lines.size).toBe(1);
    expect(line.peer.readyState).toBe(line.peer.OPEN);
  });

  it("that is slow is closed with 4508 when its one topic's history is lost, since its wire has no word for a gap", async () => {
    const { hub, ws } = await serveHub({ retainMessages: 5 });
    const slow = await dialWs(`${ws}/?topic=a`);
    const other = await dialWs(`${ws}/?topic=a`);
    slow.peer.pause();
    const text = "x".repeat(200_000);
    for (const n of range(1, 80)) {
      await hub.publish("a", { n, text });
      expect(await other.take(1)).toEqual([{ n, text }]);
    }
    slow.peer.resume();
    expect((await slow.closed).code).toBe(4508);
  });

  it("that is slow hears of the gap when it reads several topics", async () => {
    const { hub, ws } = await serveHub({ retainMessages: 5 });
    const slow = await dialWs(`${ws}/?topic=a&topic=b`);
    slow.peer.pause();
    const other = await dialWs(`${ws}/?topic=a`);
    const text = "x".repeat(200_000);
    for (const n of range(1, 80)) {
      await hub.publish("a", { n, text });
      await other.take(1);
    }
    slow.peer.resume();
    const seen: { data?: { n: number }; gap?: unknown }[] = [];
    while (seen.at(-1)?.data?.n !== 80) seen.push(...((await slow.take(1)) as typeof seen));
    expect(seen.filter(({ gap }) => gap)).toEqual([{ topic: "a", gap: expect.objectContaining({ why: "slow" }) }]);
    expect(seen.slice(-5).map(({ data }) => data?.n)).toEqual(range(76, 80));
  });
});
