import { execFile } from "node:child_process";
import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import { promisify } from "node:util";
import { crc32, createGunzip, gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crcShift, joinCrc } from "./crc32.ts";
import { readSse, serveHub } from "./node.fixture.ts";
import { GzipBody } from "./node-gzip.ts";

const GZIP = { "accept-encoding": "gzip" };
const tick = (n: number) => ({ n, symbol: "TIDE", bid: 100 + n / 7, venue: "XNAS", at: 1_764_130_000_000 + n * 13 });
const dataOf = (events: readonly { data: unknown }[]) => events.map(({ data }) => data);

describe("the checksum of a text behind another", () => {
  it("is that of both", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 70_000 }), (one, other) => {
        const joined = joinCrc(crc32(one), crcShift(other.length), crc32(other));
        expect(joined).toBe(crc32(Buffer.concat([one, other])));
      }),
    );
  });
});

describe("a body of shared pieces", () => {
  /** What repeats itself, and what does not; short, long, and empty. */
  const text = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 400 }),
    fc.nat(9).map((n) => `event: ticks\ndata: ${JSON.stringify(tick(n))}\n\n`),
    fc.uint8Array({ maxLength: 20_000 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
    fc.nat(40_000).map((length) => "ab".repeat(length)),
  );

  it("is one gzip stream, whichever pieces a line is given and in whichever order", () => {
    const lines = fc.array(fc.array(fc.nat(), { maxLength: 12 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 6 }), lines, text, (texts, orders, first) => {
        const batches = texts.map((some) => Buffer.from(some));
        for (const order of orders) {
          const given = order.map((at) => batches[at % batches.length] as Buffer);
          const body = new GzipBody(false);
          const pieces = [body.open(first), ...given.map((batch) => body.pack(batch)), body.end()];
          const unpacked = gunzipSync(Buffer.concat(pieces));
          expect(unpacked.equals(Buffer.concat([Buffer.from(first), ...given]))).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("is compressed once for lines that were last given the same, and once for all others", () => {
    const [one, two, other] = [1, 2, 3].map((n) => Buffer.from(JSON.stringify(tick(n)).repeat(2))) as Buffer[];
    const open = (...before: (Buffer | undefined)[]) => {
      const body = new GzipBody(true);
      for (const batch of before) body.pack(batch as Buffer);
      return body.pack(two as Buffer);
    };
    const [followers, newcomers, strays] = [[one], [], [other]].map((before) => [open(...before), open(...before)]);
    for (const [first, second] of [followers, newcomers, strays] as Buffer[][]) expect(first).toBe(second);
    expect(followers?.[0]?.length).toBeLessThan((newcomers?.[0]?.length ?? 0) / 2);
  });

  it("is compressed a few times only, wherever lines come from", () => {
    const batch = Buffer.from(JSON.stringify(tick(1)));
    const packed = Array.from({ length: 50 }, (_, n) => {
      const body = new GzipBody(false);
      body.pack(Buffer.from(JSON.stringify(tick(n + 2))));
      return body.pack(batch);
    });
    expect(new Set(packed).size).toBe(4);
  });
});

describe("a compressed event stream", () => {
  it("gives each batch when it is published, to fetch and to a strict gunzip, and says what it depends on", async () => {
    const { hub, http: address, port } = await serveHub({ compress: true });
    const fetched = await readSse(`${address}/?topic=a`);
    expect(fetched.response.headers.get("content-encoding")).toBe("gzip");
    expect(fetched.response.headers.get("vary")).toBe("Accept-Encoding");
    const [answer] = (await once(http.get({ port, path: "/?topic=a", headers: GZIP }), "response")) as [
      http.IncomingMessage,
    ];
    const unpacked = answer.pipe(createGunzip()).setEncoding("utf8");
    let text = "";
    unpacked.on("data", (piece) => {
      text += piece;
    });
    for (let n = 1; n <= 20; n += 1) {
      await hub.publish("a", tick(n));
      expect(await fetched.take(1)).toMatchObject([{ type: "a", data: tick(n) }]);
      await expect.poll(() => text).toContain(`data: ${JSON.stringify(tick(n))}\n\n`);
    }
    await hub.close();
    expect(await fetched.end()).toEqual([]);
    if (!unpacked.readableEnded) await once(unpacked, "end"); // A checksum that is wrong, or missing, is an error.
    expect(text).toMatch(/^: tidewire\n/);
  });

  it("takes fewer bytes, and fewest where a message is like the one before", async () => {
    const { hub, http: address, server } = await serveHub({ compress: true });
    const sockets: net.Socket[] = [];
    server.on("connection", (socket) => sockets.push(socket));
    const plain = await readSse(`${address}/?topic=a`, { "accept-encoding": "identity" });
    const packed = await readSse(`${address}/?topic=a`, GZIP);
    for (let n = 1; n <= 100; n += 1) {
      await hub.publish("a", tick(n));
      await Promise.all([plain.take(1), packed.take(1)]);
    }
    const [plainBytes = 0, packedBytes = 0] = sockets.map(({ bytesWritten }) => bytesWritten);
    expect(packedBytes).toBeLessThan(plainBytes / 2);
  });

  it.each([{}, { "accept-encoding": "gzip;q=0" }, { "accept-encoding": "br" }])(
    "is none for a client that asks with %j",
    async (headers) => {
      const { port } = await serveHub({ compress: true });
      const [answer] = (await once(http.get({ port, path: "/?topic=a", headers }), "response")) as [
        http.IncomingMessage,
      ];
      expect(answer.headers["content-encoding"]).toBeUndefined();
      expect(answer.headers.vary).toBe("Accept-Encoding");
      expect(String((await once(answer, "data"))[0])).toMatch(/^: tidewire\n/);
    },
  );

  it("is none unless the handler is told", async () => {
    const { http: address } = await serveHub();
    const { response } = await readSse(`${address}/?topic=a`, GZIP);
    expect(response.headers.get("content-encoding")).toBeNull();
    expect(response.headers.get("vary")).toBeNull();
  });

  it("resumes where it was cut, and is kept warm", async () => {
    const { hub, http: address } = await serveHub({ compress: true, heartbeatMs: 20 });
    const first = await readSse(`${address}/?topic=a`, GZIP);
    for (let n = 1; n <= 5; n += 1) await hub.publish("a", tick(n));
    const last = (await first.take(5))[2]?.id as string;
    first.abort();
    const again = await readSse(`${address}/?topic=a`, { ...GZIP, "Last-Event-ID": last });
    expect(dataOf(await again.take(2))).toEqual([tick(4), tick(5)]);
    while (again.comments.length < 4) await again.read();
    await hub.publish("a", tick(6));
    expect(dataOf(await again.take(1))).toEqual([tick(6)]);
  });

  it("carries several topics, whole pages of history, and texts of every kind", async () => {
    const { hub, http: address } = await serveHub({ compress: true, retainBytes: 1e8 });
    const texts = [
      "",
      "é\n\u2028\0",
      "x".repeat(100_000),
      ...Array.from({ length: 300 }, (_, n) => `${n} ${"é".repeat(n)}`),
    ];
    for (const [n, text] of texts.entries()) await hub.publish(n % 2 ? "a" : "b", text);
    const stream = await readSse(`${address}/?topic=a&topic=b&from=earliest`, GZIP);
    const seen = await stream.take(texts.length);
    for (const name of ["a", "b"]) {
      const expected = texts.filter((_, n) => (n % 2 ? "a" : "b") === name);
      expect(dataOf(seen.filter(({ type }) => type === name))).toEqual(expected);
    }
    await Promise.all(Array.from({ length: 10 }, (_, n) => hub.publish(n % 2 ? "a" : "b", n)));
    expect(dataOf(await stream.take(10)).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("is left alone where the application has a compressor of its own", async () => {
    const { hub, server, http: address } = await serveHub({ compress: true });
    server.prependListener("request", (_request, response) => response.setHeader("Content-Encoding", "identity"));
    const stream = await readSse(`${address}/?topic=a`, GZIP);
    expect(stream.response.headers.get("content-encoding")).toBe("identity");
    await hub.publish("a", 1);
    expect(dataOf(await stream.take(1))).toEqual([1]);
  });

  it("is read by curl", async ({ skip }) => {
    const run = promisify(execFile);
    const hasCurl = await run("curl", ["--version"]).then(
      () => true,
      () => false,
    );
    if (!hasCurl) skip("There is no curl here.");
    const { hub, http: address } = await serveHub({ compress: true });
    await hub.publish("a", tick(1));
    const reading = run("curl", ["-sSN", "--compressed", `${address}/?topic=a&from=earliest`]);
    await expect.poll(() => hub.stats().lines).toBe(1);
    await hub.publish("a", tick(2));
    await hub.close();
    const { stdout } = await reading; // Curl fails on a body that does not end as gzip does.
    expect(stdout).toContain(`data: ${JSON.stringify(tick(1))}\n\n`);
    expect(stdout).toContain(`data: ${JSON.stringify(tick(2))}\n\n`);
  });

  it("serves HTTP/1.0, which knows no chunks", async () => {
    const { hub, port } = await serveHub({ compress: true });
    const socket = net.connect(port, "127.0.0.1");
    const pieces: Buffer[] = [];
    socket.on("data", (piece) => pieces.push(piece));
    socket.write("GET /?topic=a HTTP/1.0\r\nAccept-Encoding: gzip\r\n\r\n");
    await expect.poll(() => hub.stats().lines).toBe(1);
    await hub.publish("a", tick(1));
    await hub.close();
    if (!socket.closed) await once(socket, "close");
    const whole = Buffer.concat(pieces);
    const body = gunzipSync(whole.subarray(whole.indexOf("\r\n\r\n") + 4));
    expect(body.toString()).toContain(JSON.stringify(tick(1)));
  });
});
