import { once } from "node:events";
import net from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { constants, deflateRawSync, inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { type ClientOptions, WebSocket as WsClient } from "ws";
import { dialTidewire } from "../session/peer.fixture.ts";
import { serveHub } from "./node.fixture.ts";
import { DeflatedFrames, offerOf } from "./node-permessage-deflate.ts";
import { frameTexts, payloadsOf } from "./websocket-frame.ts";

const tick = (n: number) => ({ n, symbol: "TIDE", bid: 100 + n / 7, venue: "XNAS", at: 1_764_130_000_000 + n * 13 });
const FLUSH = Buffer.from([0, 0, 0xff, 0xff]);

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** A client of `ws` that takes compression, and its messages. */
async function dial(url: string, options: ClientOptions = {}, protocols: string[] = []) {
  const peer = new WsClient(url, protocols, options);
  onTestFinished(() => peer.terminate());
  const messages: unknown[] = [];
  peer.on("message", (data) => messages.push(JSON.parse(String(data))));
  await once(peer, "open");
  return { peer, messages };
}

/** What a client makes of frames: those that are compressed pass one inflater, which remembers them or does not. */
function textsOf(writes: readonly Buffer[], remembers: boolean): string[] {
  const texts: string[] = [];
  let inflated: Uint8Array = new Uint8Array(0);
  for (const write of writes) {
    for (const payload of payloadsOf(write)) {
      const isDeflated = ((write[payload.byteOffset - write.byteOffset - headOf(payload.length)] ?? 0) & 0x40) !== 0;
      if (!isDeflated) {
        texts.push(Buffer.from(payload).toString());
        continue;
      }
      const dictionary = remembers && inflated.length > 0 ? { dictionary: inflated.subarray(-32_768) } : {};
      const finishFlush = constants.Z_SYNC_FLUSH;
      const text = inflateRawSync(Buffer.concat([payload, FLUSH]), { finishFlush, ...dictionary });
      texts.push(text.toString());
      inflated = Buffer.concat([inflated, text]);
    }
  }
  return texts;
}

const headOf = (length: number) => (length < 126 ? 2 : length < 65_536 ? 4 : 10);

describe("compressed frames", () => {
  const text = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 300 }),
    fc.nat(9).map((n) => JSON.stringify(tick(n))),
    fc.nat(70_000).map((length) => "ab".repeat(length)),
    fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes).toString("base64")),
  );
  const batch = fc.array(text, { minLength: 1, maxLength: 5 });

  it.each(["together", "apart"] as const)("hold the messages, whichever a line is given, %s", (offer) => {
    const lines = fc.array(fc.array(fc.nat(), { maxLength: 10 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(batch, { minLength: 1, maxLength: 5 }), lines, (batches, orders) => {
        const framed = batches.map((texts) => frameTexts(texts));
        for (const order of orders) {
          const line = new DeflatedFrames(offer);
          const writes = order.map((at) => line.pack(framed[at % framed.length] as Buffer));
          const expected = order.flatMap((at) => batches[at % batches.length] as string[]);
          expect(textsOf(writes, offer === "together")).toEqual(expected);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("are made once for all lines, and short ones stay as they are", () => {
    const [one, two, short] = [JSON.stringify(tick(1)), JSON.stringify(tick(2)), "1"].map((some) => frameTexts([some]));
    const lines = Array.from({ length: 5 }, () => new DeflatedFrames("together"));
    for (const frames of [one, short, two] as Buffer[]) {
      expect(new Set(lines.map((line) => line.pack(frames))).size).toBe(1);
    }
    const line = new DeflatedFrames("together");
    expect(line.pack(short as Buffer)).toEqual(short);
    line.pack(one as Buffer);
    line.pack(short as Buffer);
    expect(line.pack(two as Buffer).length).toBeLessThan((two?.length ?? 0) / 2);
  });

  it("remember nothing for a client that asks for it", () => {
    const offered = (extensions?: string) =>
      offerOf({ headers: { "sec-websocket-extensions": extensions } } as Parameters<typeof offerOf>[0]);
    expect(offered("permessage-deflate; client_max_window_bits")).toBe("together");
    expect(offered("permessage-deflate; server_no_context_takeover")).toBe("apart");
    expect(offered("permessage-deflate; server_max_window_bits=10")).toBe("none");
    expect(offered("x-webkit-deflate-frame")).toBe("none");
    expect(offered()).toBe("none");
  });
});

describe("a compressed WebSocket", () => {
  it.each<[string, ClientOptions]>([
    ["as offered", {}],
    ["without context", { perMessageDeflate: { serverNoContextTakeover: true } }],
    ["without a say in the window", { perMessageDeflate: { clientMaxWindowBits: false } as never }],
    ["with a window of its own", { perMessageDeflate: { clientMaxWindowBits: 9 } }],
  ])("carries every message both ways, %s", async (_how, options) => {
    const { hub, ws } = await serveHub({ compress: true });
    const up: unknown[] = [];
    hub.topic("a").onMessage((data) => void up.push(data));
    const { peer, messages } = await dial(`${ws}/?topic=a`, options);
    expect(peer.extensions).toBe("permessage-deflate");
    const expected: unknown[] = [];
    for (let n = 1; n <= 30; n += 1) {
      const burst = n % 3 === 0 ? [tick(n), n, "x".repeat(n * 1000), tick(n + 1)] : [tick(n)];
      for (const data of burst) void hub.publish("a", data);
      expected.push(...burst);
      await expect.poll(() => messages.length).toBe(expected.length);
      peer.send(JSON.stringify({ n, text: "up".repeat(1000) }));
    }
    expect(messages).toEqual(expected);
    await expect.poll(() => up.length).toBe(30);
    expect(up.at(-1)).toEqual({ n: 30, text: "up".repeat(1000) });
    await hub.close();
    if (peer.readyState !== peer.CLOSED) expect((await once(peer, "close"))[0]).toBe(1012);
  });

  it("serves Node's own WebSocket", async () => {
    const { hub, ws } = await serveHub({ compress: true });
    const peer = new WebSocket(`${ws}/?topic=a&topic=b`);
    onTestFinished(() => peer.close());
    const seen: unknown[] = [];
    peer.addEventListener("message", ({ data }) => seen.push(JSON.parse(data)));
    await once(peer, "open");
    expect(peer.extensions).toMatch(/^permessage-deflate/);
    for (let n = 1; n <= 20; n += 1) {
      const topic = n % 2 ? "a" : "b";
      await hub.publish(topic, tick(n));
      await expect.poll(() => seen.at(-1)).toEqual({ topic, data: tick(n) });
    }
  });

  it("takes less than half of the bytes where a message is like the one before", async () => {
    const { hub, ws, server } = await serveHub({ compress: true });
    const sockets: net.Socket[] = [];
    server.on("connection", (socket) => sockets.push(socket));
    const plain = await dial(`${ws}/?topic=a`, { perMessageDeflate: false });
    const packed = await dial(`${ws}/?topic=a`);
    for (let n = 1; n <= 100; n += 1) await hub.publish("a", tick(n));
    await expect.poll(() => [plain.messages.length, packed.messages.length]).toEqual([100, 100]);
    const [plainBytes = 0, packedBytes = 0] = sockets.map(({ bytesWritten }) => bytesWritten);
    expect(packedBytes).toBeLessThan(plainBytes / 2);
  });

  it("gives none where the client wants a window that is smaller than that of shared messages", async () => {
    const { hub, ws } = await serveHub({ compress: true });
    const { peer, messages } = await dial(`${ws}/?topic=a`, { perMessageDeflate: { serverMaxWindowBits: 9 } });
    expect(peer.extensions).toBe("");
    await hub.publish("a", tick(1));
    await expect.poll(() => messages).toEqual([tick(1)]);
  });

  it("is not offered unless the handler is told", async () => {
    const { ws } = await serveHub();
    expect((await dial(`${ws}/?topic=a`)).peer.extensions).toBe("");
  });

  it("speaks the protocol, several topics in one batch", async () => {
    const { hub, ws } = await serveHub({ compress: true });
    const line = await dialTidewire(ws, {}, true);
    expect(line.peer.extensions).toBe("permessage-deflate");
    line.hello({ subs: [{ t: "a" }, { t: "b" }] });
    await line.find(({ k }) => k === "live");
    await line.find(({ k }) => k === "live");
    for (let n = 1; n <= 20; n += 1) {
      const { batches } = line;
      void hub.publish("a", tick(n));
      void hub.publish("b", tick(n));
      expect(await line.data(2)).toEqual([tick(n), tick(n)]);
      expect(line.batches - batches).toBe(1);
    }
  });
});

describe("what a client sends compressed", () => {
  it("as a bomb of 100 MB is closed at the limit, and never unpacked whole", async () => {
    const { hub, ws, port } = await serveHub({ compress: true });
    hub.onMessage(() => {});
    const piece = deflateRawSync(Buffer.alloc(1_000_000, 0x20), { finishFlush: constants.Z_FULL_FLUSH });
    const bomb = Buffer.concat(Array(100).fill(piece)).subarray(0, -FLUSH.length);
    expect(bomb.length, "it is not refused from its head").toBeLessThan(65_536 * 2);
    const socket = net.connect(port, "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    socket.on("error", () => {});
    socket.write(
      "GET /?topic=a HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" +
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n",
    );
    expect(String((await once(socket, "data"))[0])).toContain("permessage-deflate");
    collectGarbage();
    const before = process.resourceUsage().maxRSS;
    const head = Buffer.alloc(14); // Masked by zeros: as it is.
    head[0] = 0xc1;
    head[1] = 0xff;
    head.writeBigUInt64BE(BigInt(bomb.length), 2);
    socket.write(Buffer.concat([head, bomb]));
    const [close] = (await once(socket, "data")) as [Buffer];
    expect([close[0], close.readUInt16BE(2)]).toEqual([0x88, 1009]);
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(32 * 1024);
    socket.destroy();
    await expect.poll(() => hub.stats().lines).toBe(0);
    const { peer, messages } = await dial(`${ws}/?topic=b`);
    await hub.publish("b", 1);
    await expect.poll(() => messages).toEqual([1]);
    peer.close();
  });

  it("as many small bombs, or as no deflate at all, closes its line only", async () => {
    const { hub, ws } = await serveHub({ compress: true, maxInboundChars: 1000 });
    hub.onMessage(() => {});
    const { peer } = await dial(`${ws}/?topic=a`);
    peer.send(JSON.stringify("x".repeat(1500)));
    expect((await once(peer, "close"))[0]).toBe(4413);
    const other = await dial(`${ws}/?topic=a`);
    (other.peer as unknown as { _socket: net.Socket })._socket.write(
      Buffer.from([0xc1, 0x84, 0, 0, 0, 0, 255, 255, 255, 255]),
    );
    expect((await once(other.peer, "close"))[0]).toBe(1007);
    await expect.poll(() => hub.stats().lines).toBe(0);
  });
});
