import { once } from "node:events";
import net from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it, onTestFinished } from "vitest";
import { memory } from "../memory.ts";
import { readSse, serveHub } from "./node.fixture.ts";

const dataOf = (events: readonly { data: unknown }[]) => events.map(({ data }) => data);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const posted = (body: string) =>
  `POST / HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;
const memoryInUse = () => {
  collectGarbage();
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return arrayBuffers + heapUsed;
};

describe("a plain event stream", () => {
  it("answers at once with the headers that proxies need, a comment and a retry hint", async () => {
    const { http } = await serveHub();
    const stream = await readSse(`${http}/?topic=a`);
    expect(stream.response.status).toBe(200);
    expect(stream.response.headers.get("content-type")).toBe("text/event-stream");
    expect(stream.response.headers.get("cache-control")).toBe("no-cache, no-transform");
    expect(stream.response.headers.get("x-accel-buffering")).toBe("no");
    await stream.read();
    expect(stream.comments).toEqual(["tidewire"]);
    expect(stream.retries[0]).toBeGreaterThanOrEqual(500);
    expect(stream.retries[0]).toBeLessThanOrEqual(1500);
  });

  it.each([
    ["a plain reader", "GET /?topic=a&from=earliest HTTP/1.1\r\nHost: h\r\n\r\n"],
    ["a Tidewire client", posted('{"k":"hello","v":1,"gen":1,"subs":[{"t":"a","from":"earliest"}]}')],
  ])("gives %s what was missed in one piece with the head", async (_who, request) => {
    const { hub, port, server } = await serveHub();
    for (const n of range(1, 3)) await hub.publish("a", `message ${n}`);
    let writes = 0;
    server.on("connection", (socket: net.Socket) => {
      const { _write: write, _writev: writev } = socket;
      socket._write = (...given) => {
        writes += 1;
        write.apply(socket, given);
      };
      socket._writev = (...given) => {
        writes += 1;
        writev?.apply(socket, given);
      };
    });
    const socket = net.connect(port, "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    socket.write(request);
    const [first] = (await once(socket, "data")) as [Buffer];
    expect(first.toString()).toMatch(/^HTTP\/1.1 200 OK\r\n.*message 1.*message 3/s);
    expect(writes).toBe(1);
  });

  it("carries what is published after it opened, with the topic as type", async () => {
    const { hub, http } = await serveHub();
    await hub.publish("a", "before");
    const stream = await readSse(`${http}/?topic=a`);
    await hub.publish("a", { text: "line\nbreak\r\u2028\0" });
    const [event] = await stream.take(1);
    expect(event).toMatchObject({ type: "a", data: { text: "line\nbreak\r\u2028\0" } });
    expect(event?.id).toMatch(/^a=[0-9a-z]+\.2$/);
  });

  it.each([
    ["earliest", range(1, 5)],
    ["2", [4, 5]],
    ["0", []],
    ["99", range(1, 5)],
    ["now", []],
  ])("starts a first visit from %s", async (from, expected) => {
    const { hub, http } = await serveHub();
    for (const n of range(1, 5)) await hub.publish("a", n);
    const stream = await readSse(`${http}/?topic=a&from=${from}`);
    await hub.publish("a", "new");
    expect(dataOf(await stream.take(expected.length + 1))).toEqual([...expected, "new"]);
  });

  it.each(["header", "query"])("resumes exactly once and in order from the last event id in the %s", async (way) => {
    const { hub, http } = await serveHub();
    const seen: unknown[] = [];
    let last = "";
    for (let visit = 0; visit < 4; visit += 1) {
      const from = visit * 10;
      const query = way === "query" && last ? `&lastEventId=${encodeURIComponent(last)}` : "";
      const stream = await readSse(
        `${http}/?topic=a${query}`,
        way === "header" && last ? { "Last-Event-ID": last } : {},
      );
      for (const n of range(from + 1, from + 5)) await hub.publish("a", n);
      seen.push(...dataOf(await stream.take(visit === 0 ? 5 : 10)));
      last = stream.lastEventId;
      stream.abort();
      for (const n of range(from + 6, from + 10)) await hub.publish("a", n);
    }
    expect(seen).toEqual(range(1, 35));
  });

  it("resumes in the middle of a stretch that was written at once", async () => {
    const { hub, http } = await serveHub();
    for (const n of range(1, 9)) await hub.publish("a", n);
    const first = await readSse(`${http}/?topic=a&from=earliest`);
    const cut = (await first.take(9))[3];
    const second = await readSse(`${http}/?topic=a`, { "Last-Event-ID": cut?.id as string });
    expect(dataOf(await second.take(5))).toEqual(range(5, 9));
  });

  it("loses and repeats nothing that is published while history is replayed", async () => {
    const { hub, http } = await serveHub({ retainMessages: 10_000, retainBytes: 1e8 });
    const text = "x".repeat(1000);
    for (const n of range(1, 2000)) await hub.publish("a", { n, text });
    const stream = await readSse(`${http}/?topic=a&from=earliest`);
    const seen: number[] = [];
    for (let n = 2001; n <= 2200; n += 1) {
      void hub.publish("a", { n, text });
      for (const { data } of await stream.take(5)) seen.push((data as { n: number }).n);
    }
    for (const { data } of await stream.take(1200)) seen.push((data as { n: number }).n);
    expect(seen).toEqual(range(1, 2200));
  });

  it("carries several topics on one line and resumes each where it stood", async () => {
    const { hub, http } = await serveHub();
    const url = `${http}/?topic=a&topic=b%2C%3D%20%C3%A9&topic=__proto__`;
    const names = ["a", "b,= é", "__proto__"];
    const first = await readSse(url);
    for (const name of names) await hub.publish(name, `${name} 1`);
    const events = await first.take(3);
    expect(events.map(({ type }) => type).sort()).toEqual([...names].sort());
    first.abort();
    for (const name of names) await hub.publish(name, `${name} 2`);
    const second = await readSse(url, { "Last-Event-ID": events[2]?.id as string });
    expect(dataOf(await second.take(3)).sort()).toEqual(names.map((name) => `${name} 2`).sort());
    const partly = await readSse(url, { "Last-Event-ID": events[0]?.id as string });
    expect(dataOf(await partly.take(5))).toHaveLength(5);
  });

  it("gives what one turn publishes in one write", async () => {
    const { hub, http } = await serveHub();
    const stream = await readSse(`${http}/?topic=a&topic=b`);
    await stream.read();
    const before = stream.chunks;
    for (const n of range(1, 10)) void hub.publish(n % 2 ? "a" : "b", n);
    await stream.take(10);
    expect(stream.chunks - before).toBe(1);
  });
});

describe("a gap", () => {
  it("comes first when history was trimmed, and says what is missing", async () => {
    const { hub, http } = await serveHub({ retainMessages: 3 });
    const stream = await readSse(`${http}/?topic=a`);
    await hub.publish("a", 1);
    const [first] = await stream.take(1);
    stream.abort();
    for (const n of range(2, 10)) await hub.publish("a", n);
    const resumed = await readSse(`${http}/?topic=a`, { "Last-Event-ID": first?.id as string });
    const [gap, ...rest] = await resumed.take(4);
    expect(gap).toMatchObject({ type: "gap", data: { topic: "a", from: 1, to: 7, why: "trimmed" } });
    expect(dataOf(rest)).toEqual([8, 9, 10]);
    const again = await readSse(`${http}/?topic=a`, { "Last-Event-ID": gap?.id as string });
    expect(dataOf(await again.take(3)), "a gap is said once").toEqual([8, 9, 10]);
  });

  it("comes first when the log began anew", async () => {
    const before = await serveHub({ engine: memory({ now: () => 1000 }) });
    const stream = await readSse(`${before.http}/?topic=a`);
    await before.hub.publish("a", "old");
    const [old] = await stream.take(1);
    await before.close();
    const after = await serveHub({ engine: memory({ now: () => 2000 }) });
    await after.hub.publish("a", "new");
    const resumed = await readSse(`${after.http}/?topic=a`, { "Last-Event-ID": old?.id as string });
    expect(await resumed.take(2)).toMatchObject([
      { type: "gap", data: { topic: "a", from: 1, to: 0, why: "restart" } },
      { type: "a", data: "new" },
    ]);
  });

  it("is not said when the engine outlives the hub", async () => {
    const engine = memory();
    const lasting = { ...engine, close() {} };
    const before = await serveHub({ engine: lasting });
    const stream = await readSse(`${before.http}/?topic=a`);
    await before.hub.publish("a", 1);
    const [one] = await stream.take(1);
    await before.hub.publish("a", 2);
    await before.close();
    const after = await serveHub({ engine: lasting });
    const resumed = await readSse(`${after.http}/?topic=a`, { "Last-Event-ID": one?.id as string });
    await after.hub.publish("a", 3);
    expect(dataOf(await resumed.take(2))).toEqual([2, 3]);
  });

  it.each(["a=zzzzzzzz.1", "a=0.0", "a=1.zzzzzz", "a=2gosa7pa2gv.2gosa7pa2gv"])(
    "answers the absurd cursor %s without a scan",
    async (id) => {
      const { hub, http } = await serveHub();
      await hub.publish("a", 1);
      const stream = await readSse(`${http}/?topic=a`, { "Last-Event-ID": id });
      expect(await stream.take(2)).toMatchObject([{ type: "gap" }, { data: 1 }]);
    },
  );

  it("is said of an offset that the log never reached", async () => {
    const { hub, http } = await serveHub({ engine: memory({ now: () => 36 }) });
    await hub.publish("a", 1);
    const stream = await readSse(`${http}/?topic=a`, { "Last-Event-ID": "a=10.ff" });
    await hub.publish("a", 2);
    expect(await stream.take(2)).toMatchObject([{ data: { from: 555, to: 1, why: "rollback" } }, { data: 2 }]);
  });

  it.each(["41", "", "{}", "a", "%%%", "b=1.1", "x".repeat(4000)])(
    "an id that is not ours is a first visit: %j",
    async (id) => {
      const { hub, http } = await serveHub();
      const stream = await readSse(`${http}/?topic=a`, { "Last-Event-ID": id });
      await hub.publish("a", 1);
      expect(await stream.take(1)).toMatchObject([{ type: "a", data: 1 }]);
    },
  );
});

describe("a reader that never reads", () => {
  it("holds back nobody, costs no memory beside its socket, and hears of the gap when it reads again", async () => {
    const { hub, http, port } = await serveHub({ retainMessages: 10 });
    const stuck = net.connect(port, "127.0.0.1");
    await once(stuck, "connect");
    stuck.pause();
    stuck.write("GET /?topic=a HTTP/1.1\r\nHost: x\r\n\r\n");
    const reader = await readSse(`${http}/?topic=a`);
    await expect.poll(() => hub.core.lines.size).toBe(2);

    const before = memoryInUse();
    const text = "x".repeat(100_000);
    for (let n = 1; n <= 300; n += 1) {
      await hub.publish("a", { n, text });
      const [event] = await reader.take(1);
      expect(event).toMatchObject({ type: "a", data: { n } });
    }
    // 30 MB were published, 1 MB is kept, 4 MB are shared; buffers take more than one collection to be let go.
    await expect.poll(() => memoryInUse() - before, { timeout: 10_000 }).toBeLessThan(16 * 1_048_576);

    let received = "";
    stuck.setEncoding("utf8").on("data", (chunk) => {
      received += chunk;
    });
    stuck.resume();
    await expect.poll(() => received.includes('"n":300,'), { timeout: 10_000 }).toBe(true);
    expect(received).toContain('"why":"slow"');
    const numbers = [...received.matchAll(/"n":(\d+),/g)].map(([, n]) => Number(n));
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    stuck.destroy();
  }, 30_000);
});

describe("a line", () => {
  it("gets a comment when it was silent", async () => {
    const { http } = await serveHub({ heartbeatMs: 20 });
    const stream = await readSse(`${http}/?topic=a`);
    while (stream.comments.length < 4) await stream.read();
    expect(stream.comments).toEqual(["tidewire", "", "", ""]);
  });

  it("ends cleanly when the hub closes, and nothing is left behind", async () => {
    const { hub, http, server } = await serveHub();
    const stream = await readSse(`${http}/?topic=a`);
    await hub.publish("a", 1);
    await hub.close();
    expect(dataOf(await stream.end())).toEqual([1]);
    expect(hub.core.lines.size).toBe(0);
    expect((await fetch(`${http}/?topic=a`)).status).toBe(503);
    await expect(hub.publish("a", 2)).rejects.toMatchObject({ code: "not-open" });
    server.close();
    await once(server, "close");
  });

  it("is forgotten when its reader leaves", async () => {
    const { hub, http } = await serveHub();
    const stream = await readSse(`${http}/?topic=a`);
    expect(hub.core.lines.size).toBe(1);
    stream.abort();
    await expect.poll(() => hub.core.lines.size).toBe(0);
    expect(hub.core.topics.size).toBe(0);
  });
});
