import { describe, expect, it } from "vitest";
import { SOON } from "../faults/soon.ts";
import { through } from "./line-faults.ts";
import { chunkedEvents, events, unanswered, webSocket } from "./replies.ts";
import type { Script } from "./scripted-server.ts";

describe("a line that went dead", () => {
  it("of a server that sends heartbeats is hung up after 45 silent seconds, and dialled again", async () => {
    const { server, handle, bytes } = await through([events("data: 1\n\n"), events("data: 2\n\n")], "sse");
    await handle.receive(1);
    const exchange = await server.exchange(0);
    for (const beats of [1, 2]) {
      handle.clock.advance(15_000);
      await exchange.write(":\n");
      await bytes(9 + 2 * beats);
    }
    handle.clock.advance(44_000);
    expect(handle.words).toEqual(["connecting", "open"]);
    handle.clock.advance(1_000);
    await handle.receive(2);
    expect(handle.words).toEqual(["connecting", "open", "waiting", "connecting", "open"]);
    expect(handle.statuses[2]?.error?.code).toBe("silent");
    await exchange.gone;
    expect(server.requests).toHaveLength(2);
  });

  it("is another thing than a line on which little happens: nothing is hung up, and nothing lost", async () => {
    const { server, handle } = await through([events()], "sse");
    await handle.until("open");
    const exchange = await server.exchange(0);
    for (let message = 1; message <= 5; message += 1) {
      handle.clock.advance(120_000);
      await exchange.write(`data: ${message}\n\n`);
      await handle.receive(message);
    }
    expect(handle.messages.map(({ data }) => data)).toEqual([1, 2, 3, 4, 5]);
    expect(handle.words).toEqual(["connecting", "open"]);
    expect(server.requests).toHaveLength(1);
  });

  it("lives as long as comments come", async () => {
    const { server, handle, bytes } = await through([events("data: 1\n\n")], "sse");
    await handle.receive(1);
    const exchange = await server.exchange(0);
    for (let round = 1; round <= 5; round += 1) {
      handle.clock.advance(40_000);
      await exchange.write(":\n");
      await bytes(9 + 2 * round);
    }
    expect(handle.words).toEqual(["connecting", "open"]);
    expect(server.requests).toHaveLength(1);
  });

  it.each(["sse", "websocket"] as const)("is noticed by %s although nothing was closed: a black hole", async (kind) => {
    const script: Script = () => (kind === "sse" ? events("data: 1\n\n") : webSocket((peer) => peer.send("1")));
    const { proxy, server, handle } = await through(script, kind, { silenceMs: 20_000 });
    await handle.receive(1);
    proxy.stall();
    handle.clock.advance(20_000);
    await handle.reach(4);
    expect(handle.words).toEqual(["connecting", "open", "waiting", "connecting"]);
    expect(server.requests).toHaveLength(1);
    proxy.flow();
    await handle.receive(2);
    expect(server.requests).toHaveLength(2);
  });

  it("that is a WebSocket is asked by a ping, and any answer will do", async () => {
    const pings: string[] = [];
    const script: Script = [
      webSocket((peer) =>
        peer.on("message", (text) => {
          pings.push(String(text));
          if (pings.length < 3) peer.send('"pong"');
        }),
      ),
      webSocket(),
    ];
    const behaviour = { ping: () => "ping", pingMs: 25_000, pongMs: 5_000 };
    const { server, handle } = await through(script, "websocket", behaviour);
    await handle.until("open");
    for (const answered of [1, 2]) {
      handle.clock.advance(25_000); // a pong's deadline on the way, then the next ping
      await handle.receive(answered);
    }
    expect(handle.words).toEqual(["connecting", "open"]);
    handle.clock.advance(25_000);
    await expect.poll(() => pings, SOON).toHaveLength(3);
    handle.clock.advance(5_000);
    await handle.reach(5);
    expect(handle.statuses[2]?.error?.code).toBe("silent");
    expect(server.requests).toHaveLength(2);
  });
});

describe("a dial that takes too long", () => {
  it.each(["sse", "websocket"] as const)(
    "is given up by %s after the connect timeout, and its socket with it",
    async (kind) => {
      const reply = kind === "sse" ? events("data: 1\n\n") : webSocket((peer) => peer.send("1"));
      const { server, handle } = await through([unanswered, reply], kind, { connectTimeoutMs: 3_000 });
      const hanging = await server.exchange(0);
      handle.clock.advance(2_999);
      expect(handle.words).toEqual(["connecting"]);
      handle.clock.advance(1);
      await handle.receive(1);
      expect(handle.words).toEqual(["connecting", "waiting", "connecting", "open"]);
      expect(handle.statuses[1]?.error?.code).toBe("connect-timeout");
      await hanging.gone;
    },
  );

  it("counts the time that auth takes", async () => {
    const { handle } = await through([], "sse", {
      auth: () => new Promise(() => {}),
      connectTimeoutMs: 3_000,
      skipsWaits: false,
    });
    handle.clock.advance(3_000);
    expect(handle.words).toEqual(["connecting", "waiting"]);
  });
});

describe("a server that is not there", () => {
  it.each(["sse", "websocket"] as const)("is dialled by %s until it is", async (kind) => {
    const { proxy, server, handle } = await through(
      () => (kind === "sse" ? chunkedEvents("data: 1\n\n") : webSocket((peer) => peer.send("1"))),
      kind,
      { skipsWaits: false },
    );
    await handle.receive(1);
    await proxy.refuse();
    proxy.reset();
    await handle.until("waiting");
    handle.clock.advance(1_000);
    await handle.reach(5);
    expect(handle.words).toEqual(["connecting", "open", "waiting", "connecting", "waiting"]);
    await proxy.accept();
    handle.clock.advance(1_000);
    await handle.receive(2);
    expect(handle.statuses.slice(2, 5).map((status) => status.error?.code)).toEqual(["network", "network", "network"]);
    expect(server.requests).toHaveLength(2);
  });

  it("resets new connections: each reset is one retry", async () => {
    const { proxy, handle } = await through([chunkedEvents("data: 1\n\n")], "sse", { skipsWaits: false });
    await handle.receive(1);
    proxy.resetNew(true);
    proxy.end();
    await handle.until("waiting");
    handle.clock.advance(1_000);
    await handle.reach(5);
    expect(proxy.accepted).toBe(2);
    expect(handle.statuses.at(-1)?.error?.code).toBe("network");
  });

  it("may sit behind a network that slices, delays and throttles: nothing is lost or torn", async () => {
    const body = Array.from({ length: 50 }, (_, index) => `id: ${index}\r\ndata: {"n":${index}}\r\n\r\n`).join("");
    const { proxy, handle } = await through([events(body)], "sse");
    Object.assign(proxy.down, { sliceBytes: 7, latencyMs: 2, bytesPerSecond: 200_000 });
    await handle.receive(50);
    expect(handle.messages.map(({ data, id }) => [data, id])).toEqual(
      Array.from({ length: 50 }, (_, n) => [{ n }, `${n}`]),
    );
  });
});
