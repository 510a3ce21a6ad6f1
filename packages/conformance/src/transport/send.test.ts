import { sse, TidewireError, text, websocket } from "@tidewire/core";
import { afterEach, describe, expect, it } from "vitest";
import { SOON } from "../faults/soon.ts";
import { type Behaviour, type Handle, open } from "./driver.ts";
import type { Exchange } from "./exchange.ts";
import { events, unanswered, webSocket } from "./replies.ts";
import { createScriptedServer, type Script } from "./scripted-server.ts";

const disposals: (() => unknown)[] = [];
afterEach(async () => {
  for (const dispose of disposals.splice(0).reverse()) await dispose();
});

async function over(script: Script, behaviour: Behaviour = {}) {
  const server = await createScriptedServer(script);
  disposals.push(() => server[Symbol.asyncDispose]());
  const handle = open(websocket(server.ws), { codec: text, skipsWaits: false, ...behaviour });
  disposals.push(() => handle[Symbol.dispose]());
  return { server, handle };
}

/** A server that keeps what it hears, and the list that it keeps it in. */
function listening() {
  const heard: string[] = [];
  return { heard, reply: webSocket((peer) => void peer.on("message", (message) => heard.push(String(message)))) };
}

const outcome = (sending: Promise<void>): Promise<string> =>
  sending.then(
    () => "sent",
    (error: unknown) => (error instanceof TidewireError ? error.code : String(error)),
  );
const sendAll = (handle: Handle, ...values: string[]): Promise<string>[] =>
  values.map((value) => outcome(handle.stream.send(value)));

describe("sending while the line is up", () => {
  it("hands messages over in order", async () => {
    const { heard, reply } = listening();
    const { handle } = await over([reply]);
    await handle.until("open");
    const values = Array.from({ length: 100 }, (_, n) => `${n}`);
    expect(new Set(await Promise.all(sendAll(handle, ...values)))).toEqual(new Set(["sent"]));
    await expect.poll(() => heard, SOON).toEqual(values);
  });

  it("carries binary as it is", async () => {
    const heard: Buffer[] = [];
    const reply = webSocket((peer) => void peer.on("message", (message: Buffer) => heard.push(message)));
    const { handle } = await over([reply], {
      codec: { decode: (payload) => payload, encode: (value) => value as ArrayBuffer },
    });
    await handle.until("open");
    await handle.stream.send(Uint8Array.of(0, 255, 7));
    await handle.stream.send(new Blob(["blob"]));
    await expect.poll(() => heard, SOON).toHaveLength(2);
    expect(heard).toEqual([Buffer.from([0, 255, 7]), Buffer.from("blob")]);
  });

  it("rejects what the codec cannot encode, and goes on", async () => {
    const { heard, reply } = listening();
    const encode = (value: unknown): string => {
      if (value === "bad") throw new TypeError("cannot encode");
      return String(value);
    };
    const { handle } = await over([reply], { codec: { decode: String, encode } });
    await handle.until("open");
    await expect(handle.stream.send("bad")).rejects.toThrow("cannot encode");
    await handle.stream.send("good");
    await expect.poll(() => heard, SOON).toEqual(["good"]);
  });

  it("waits while a server that stopped reading lets the buffer grow, and goes on in order when it reads again", async () => {
    const heard: number[] = [];
    const accepted: Exchange[] = [];
    const reply = webSocket((peer, exchange) => {
      accepted.push(exchange);
      peer.on("message", (message: Buffer) => heard.push(message.readUInt32BE()));
      exchange.reading(false);
    });
    const encode = (value: unknown): ArrayBuffer => {
      const bytes = new ArrayBuffer(1_000_000);
      new DataView(bytes).setUint32(0, value as number);
      return bytes;
    };
    const { handle } = await over([reply], {
      codec: { decode: String, encode },
      queueBytes: 100_000_000,
      highWaterMark: 65_536,
    });
    await handle.until("open");
    let sent = 0;
    const sendings = Array.from({ length: 40 }, (_, n) => handle.stream.send(n).then(() => ++sent));
    const drain = (): number => {
      handle.clock.advance(10);
      return sent;
    };
    await expect.poll(drain, SOON).toBeGreaterThan(0);
    for (let look = 0; look < 50; look += 1) {
      await accepted[0]?.write(Uint8Array.of(0x89, 0)); // a control ping: gives both ends their turn on the socket
      drain();
    }
    expect(sent).toBeLessThan(40);
    accepted[0]?.reading(true);
    await expect.poll(drain, SOON).toBe(40);
    await Promise.all(sendings);
    await expect.poll(() => heard, SOON).toEqual(Array.from({ length: 40 }, (_, n) => n));
  });
});

describe("sending while the line is down", () => {
  it("rejects with not-open before the first dial, while dialling and while waiting", async () => {
    const { server, handle } = await over([unanswered]);
    await server.exchange(0);
    expect(await outcome(handle.stream.send("a"))).toBe("not-open");
    handle.clock.advance(10_000);
    expect(handle.words).toEqual(["connecting", "waiting"]);
    expect(await outcome(handle.stream.send("b"))).toBe("not-open");
    handle.stream.close();
    expect(await outcome(handle.stream.send("c"))).toBe("not-open");
  });

  it("drops a volatile message in silence, also with a queue", async () => {
    const { heard, reply } = listening();
    const { server, handle } = await over([unanswered, reply], { whileDown: "queue" });
    await server.exchange(0);
    await handle.stream.send("volatile", { volatile: true });
    const kept = outcome(handle.stream.send("kept"));
    handle.clock.advance(10_500);
    expect(await kept).toBe("sent");
    await expect.poll(() => heard, SOON).toEqual(["kept"]);
  });

  it("keeps a queue in order, across a lost line", async () => {
    const { heard, reply } = listening();
    const { server, handle } = await over([unanswered, webSocket((peer) => peer.close(1012)), reply], {
      whileDown: "queue",
    });
    await server.exchange(0);
    const first = sendAll(handle, "1", "2", "3");
    handle.clock.advance(10_500);
    await Promise.all(first);
    await handle.reach(5); // connecting, waiting, connecting, open, waiting
    const second = sendAll(handle, "4", "5");
    handle.clock.advance(1_000);
    expect(await Promise.all(second)).toEqual(["sent", "sent"]);
    await expect.poll(() => heard, SOON).toEqual(["4", "5"]);
  });

  it("bounds the queue by count, and refuses the newest", async () => {
    const { server, handle } = await over([unanswered], { whileDown: "queue", queueMessages: 2 });
    await server.exchange(0);
    const [a, b, c] = sendAll(handle, "a", "b", "c");
    expect(await c).toBe("send-dropped");
    handle.stream.close();
    expect(await Promise.all([a, b])).toEqual(["not-open", "not-open"]);
  });

  it("bounds the queue by count, and gives up the oldest where asked", async () => {
    const { heard, reply } = listening();
    const { server, handle } = await over([unanswered, reply], {
      whileDown: "queue",
      queueMessages: 2,
      queueDrop: "oldest",
    });
    await server.exchange(0);
    const sendings = sendAll(handle, "a", "b", "c");
    handle.clock.advance(10_500);
    expect(await Promise.all(sendings)).toEqual(["send-dropped", "sent", "sent"]);
    await expect.poll(() => heard, SOON).toEqual(["b", "c"]);
  });

  it("bounds the queue by bytes, counted as UTF-8", async () => {
    const { server, handle } = await over([unanswered], { whileDown: "queue", queueBytes: 10 });
    await server.exchange(0);
    const [first, second] = sendAll(handle, "漢字漢", "ab");
    expect(await second).toBe("send-dropped");
    handle.stream.close();
    expect(await first).toBe("not-open");
  });

  it("bounds the queue by age", async () => {
    const { server, handle } = await over([unanswered], {
      whileDown: "queue",
      queueAgeMs: 5_000,
      connectTimeoutMs: 60_000,
    });
    await server.exchange(0);
    const [old] = sendAll(handle, "old");
    handle.clock.advance(4_000);
    const [young] = sendAll(handle, "young");
    handle.clock.advance(1_000);
    expect(await old).toBe("send-dropped");
    handle.stream.close();
    expect(await young).toBe("not-open");
  });

  it("refuses what waits when the last reader leaves", async () => {
    const { server, handle } = await over([unanswered], { whileDown: "queue" });
    await server.exchange(0);
    const [waiting] = sendAll(handle, "a");
    handle[Symbol.dispose]();
    expect(await waiting).toBe("not-open");
    expect(handle.clock.pending).toBe(0);
  });
});

describe("sending where there is no way up", () => {
  it("rejects with send-unsupported", async () => {
    const server = await createScriptedServer([events("data: 1\n\n")]);
    disposals.push(() => server[Symbol.asyncDispose]());
    const handle = open(sse(server.http));
    disposals.push(() => handle[Symbol.dispose]());
    await handle.receive(1);
    expect(await outcome(handle.stream.send("a"))).toBe("send-unsupported");
  });
});
