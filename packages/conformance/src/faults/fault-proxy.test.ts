import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { deferred } from "./deferred.ts";
import { createFaultProxy, type FaultProxy } from "./fault-proxy.ts";
import { SOON } from "./soon.ts";

const disposals: (() => unknown)[] = [];
afterEach(async () => {
  for (const dispose of disposals.splice(0).reverse()) await dispose();
});

/** A TCP server behind a proxy, one client through it, and what each end has seen. */
async function throughProxy(spoil?: (proxy: FaultProxy) => void) {
  const served = deferred<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => {}); // a reset is what some of these tests ask for
    disposals.push(() => socket.destroy());
    served.resolve(socket);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  disposals.push(() => server.close());
  const proxy = await createFaultProxy((server.address() as AddressInfo).port);
  disposals.push(() => proxy[Symbol.asyncDispose]());
  spoil?.(proxy);
  const client = connect({ port: proxy.port, host: "127.0.0.1", allowHalfOpen: true });
  disposals.push(() => client.destroy());
  const chunks: string[] = [];
  const events: string[] = [];
  client.on("data", (chunk: Buffer) => chunks.push(chunk.toString()));
  client.on("end", () => events.push("end"));
  client.on("error", (error: NodeJS.ErrnoException) => events.push(error.code ?? error.message));
  client.on("close", () => events.push("close"));
  return { proxy, client, chunks, events, served: served.promise, text: () => chunks.join("") };
}

describe("the fault proxy", () => {
  it("carries bytes both ways, untouched", async () => {
    const { client, served, text } = await throughProxy();
    const socket = await served;
    socket.on("data", (chunk: Buffer) => socket.write(chunk.toString().toUpperCase()));
    client.write("hello");
    await expect.poll(text, SOON).toBe("HELLO");
  });

  it("cuts chunks into slices that arrive apart", async () => {
    const { chunks, served, text } = await throughProxy((proxy) => {
      proxy.down.sliceBytes = 2;
    });
    (await served).write("abcdef");
    await expect.poll(text, SOON).toBe("abcdef");
    expect(chunks).toEqual(["ab", "cd", "ef"]);
  });

  it("holds bytes back until there are enough, or the sender ends", async () => {
    const { proxy, served, text } = await throughProxy((made) => {
      made.down.holdBytes = 6;
    });
    const socket = await served;
    socket.write("abc");
    await expect.poll(() => socket.bytesWritten, SOON).toBe(3);
    const other = connect({ port: proxy.port, host: "127.0.0.1" });
    disposals.push(() => other.destroy());
    await once(other, "connect"); // a whole round through the event loop and the kernel later
    expect(text()).toBe("");
    socket.write("def");
    await expect.poll(text, SOON).toBe("abcdef");
    socket.end("g");
    await expect.poll(text, SOON).toBe("abcdefg");
  });

  it("delays each chunk, and keeps to a byte rate", async () => {
    const { served, text } = await throughProxy((proxy) => {
      proxy.down.latencyMs = 30;
      proxy.down.bytesPerSecond = 100;
    });
    const from = performance.now();
    (await served).write("12345");
    await expect.poll(text, SOON).toBe("12345");
    expect(performance.now() - from).toBeGreaterThanOrEqual(75);
  });

  it("swallows everything while stalled, closes nothing, and lets it pass afterwards", async () => {
    const { proxy, client, events, served, text } = await throughProxy();
    const socket = await served;
    proxy.stall();
    socket.write("held");
    const other = connect({ port: proxy.port, host: "127.0.0.1" });
    disposals.push(() => other.destroy());
    await once(other, "connect"); // a whole round through the event loop and the kernel later
    expect(text()).toBe("");
    expect(events).toEqual([]);
    expect(client.destroyed).toBe(false);
    proxy.flow();
    await expect.poll(text, SOON).toBe("held");
  });

  it("resets open connections", async () => {
    const { proxy, events, served } = await throughProxy();
    await served;
    expect(proxy.reset()).toBe(1);
    await expect.poll(() => events, SOON).toEqual(["ECONNRESET", "close"]);
    expect(proxy.connections).toBe(0);
  });

  it("ends open connections after what was written", async () => {
    const { proxy, client, events, served, text } = await throughProxy();
    (await served).write("last words");
    await expect.poll(text, SOON).toBe("last words");
    proxy.end();
    await expect.poll(() => events, SOON).toContain("end");
    client.end();
    await expect.poll(() => events, SOON).toEqual(["end", "close"]);
  });

  it("half-closes: the client sees the end and can still write", async () => {
    const { proxy, client, events, served } = await throughProxy();
    const socket = await served;
    const heard: string[] = [];
    socket.on("data", (chunk: Buffer) => heard.push(chunk.toString()));
    expect(proxy.halfClose()).toBe(1);
    await expect.poll(() => events, SOON).toEqual(["end"]);
    client.write("still here");
    await expect.poll(() => heard.join(""), SOON).toBe("still here");
  });

  it("refuses new connections while the open one lives, and accepts again on the same port", async () => {
    const { proxy, client, served, text } = await throughProxy();
    const socket = await served;
    await proxy.refuse();
    const refused = connect({ port: proxy.port, host: "127.0.0.1" });
    const [error] = (await once(refused, "error")) as [NodeJS.ErrnoException];
    expect(error.code).toBe("ECONNREFUSED");
    socket.write("alive");
    await expect.poll(text, SOON).toBe("alive");
    expect(client.destroyed).toBe(false);
    await proxy.accept();
    const again = connect({ port: proxy.port, host: "127.0.0.1" });
    disposals.push(() => again.destroy());
    await once(again, "connect");
    await expect.poll(() => proxy.accepted, SOON).toBe(2);
  });

  it("resets a new connection at once when asked", async () => {
    const { events, proxy } = await throughProxy((made) => made.resetNew(true));
    await expect.poll(() => events, SOON).toEqual(["ECONNRESET", "close"]);
    expect(proxy.accepted).toBe(1);
  });
});
