import { sse, type Transport, websocket } from "@tidewire/core";
import { afterEach, describe, expect, it } from "vitest";
import { SOON } from "../faults/soon.ts";
import { type Behaviour, type Handle, open } from "./driver.ts";
import { events, fin, status, unanswered, webSocket } from "./replies.ts";
import { createScriptedServer, type Script, type ScriptedServer } from "./scripted-server.ts";

const disposals: (() => unknown)[] = [];
afterEach(async () => {
  for (const dispose of disposals.splice(0).reverse()) await dispose();
});

const dials = {
  sse: (server: ScriptedServer): Transport => sse(server.http),
  post: (server: ScriptedServer): Transport => sse(server.http, { method: "POST", body: "{}" }),
  websocket: (server: ScriptedServer): Transport => websocket(server.ws),
};

async function start(script: Script, dial: (server: ScriptedServer) => Transport, behaviour: Behaviour = {}) {
  const server = await createScriptedServer(script);
  disposals.push(() => server[Symbol.asyncDispose]());
  const handle = open(dial(server), behaviour);
  disposals.push(() => handle[Symbol.dispose]());
  return { server, handle };
}

/** The three ways to be done with a stream. */
const ways: Readonly<Record<string, (handle: Handle) => void>> = {
  "close()": (handle) => handle.stream.close(),
  "the last reader's leaving": (handle) => handle[Symbol.dispose](),
};

async function expectSilence(server: ScriptedServer, handle: Handle, requests: number): Promise<void> {
  await server.idle();
  expect(handle.clock.pending).toBe(0);
  handle.clock.advance(3_600_000);
  await server.roundTrip();
  expect(server.requests).toHaveLength(requests);
}

describe.each(Object.keys(ways))("%s", (way) => {
  const leave = ways[way] as (handle: Handle) => void;

  it.each(Object.entries(dials))("gives the socket back at once while %s connects", async (_kind, dial) => {
    const { server, handle } = await start([unanswered], dial);
    const exchange = await server.exchange(0);
    leave(handle);
    await exchange.gone;
    await expectSilence(server, handle, 1);
  });

  it.each(Object.entries(dials))("gives the socket back at once while %s streams", async (kind, dial) => {
    const stream = kind === "websocket" ? webSocket((peer) => peer.send("1")) : events("data: 1\n\n");
    const { server, handle } = await start([stream], dial);
    await handle.receive(1);
    leave(handle);
    await (await server.exchange(0)).gone;
    await expectSilence(server, handle, 1);
  });

  it("calls off a wait", async () => {
    const { server, handle } = await start([status(503)], dials.sse, { skipsWaits: false });
    await handle.until("waiting");
    leave(handle);
    await expectSilence(server, handle, 1);
  });

  it("calls off a dial that still asks for its address", async () => {
    const addresses: ((url: string) => void)[] = [];
    const { server, handle } = await start([], () =>
      sse(() => new Promise<string>((resolve) => addresses.push(resolve))),
    );
    expect(addresses).toHaveLength(1);
    leave(handle);
    addresses[0]?.(server.http);
    await expectSilence(server, handle, 0);
  });

  it("calls off a dial that still asks for its token", async () => {
    const tokens: ((token: string) => void)[] = [];
    const { server, handle } = await start([], dials.sse, {
      auth: () => new Promise<string>((resolve) => tokens.push(resolve)),
    });
    expect(tokens).toHaveLength(1);
    leave(handle);
    tokens[0]?.("late");
    await expectSilence(server, handle, 0);
  });

  it("in the middle of a chunk is the end: what else the chunk held is not told", async () => {
    const { server, handle } = await start([events("data: 1\n\ndata: 2\n\ndata: 3\n\n")], dials.sse);
    const reader = handle.stream.subscribe((data) => {
      if (data === 2) leave(handle);
    });
    disposals.push(() => reader.unsubscribe());
    await handle.receive(1);
    reader.unsubscribe();
    await server.roundTrip();
    expect(handle.messages.map(({ data }) => data)).not.toContain(3);
  });
});

describe("after the end", () => {
  it("close() completes every reader, and says so once", async () => {
    const { handle } = await start([events("data: 1\n\n")], dials.sse);
    await handle.receive(1);
    handle.stream.close();
    handle.stream.close();
    expect(handle.words).toEqual(["connecting", "open", "closed"]);
    expect(handle.end).toBe("completed");
  });

  it("a later reader begins anew, without the old place to resume", async () => {
    const { server, handle } = await start([events("id: 1\ndata: 1\n\n"), events("data: 2\n\n")], dials.sse);
    await handle.receive(1);
    handle.stream.close();
    const heard: unknown[] = [];
    const reader = handle.stream.subscribe((data) => heard.push(data));
    await expect.poll(() => heard, SOON).toEqual([2]);
    reader.unsubscribe();
    expect(server.requests.map(({ headers }) => headers.get("last-event-id"))).toEqual([undefined, undefined]);
  });

  it("an aborted signal hangs up and completes", async () => {
    const stop = new AbortController();
    const { server, handle } = await start([events("data: 1\n\n")], dials.sse, { signal: stop.signal });
    await handle.receive(1);
    stop.abort();
    await server.idle();
    expect(handle.end).toBe("completed");
    expect(handle.clock.pending).toBe(0);
  });

  it("reconnect() gives the old line back and opens a new one, from the last id", async () => {
    const { server, handle } = await start([events("id: 1\ndata: 1\n\n"), events("data: 2\n\n")], dials.sse);
    await handle.receive(1);
    handle.stream.reconnect();
    await handle.receive(2);
    await (await server.exchange(0)).gone;
    expect(handle.words).toEqual(["connecting", "open", "connecting", "open"]);
    expect(server.requests[1]?.headers.get("last-event-id")).toBe("1");
  });

  it("reconnect() ends a wait", async () => {
    const { handle } = await start([status(503), events("data: 1\n\n")], dials.sse, { skipsWaits: false });
    await handle.until("waiting");
    handle.stream.reconnect();
    await handle.receive(1);
    expect(handle.words).toEqual(["connecting", "waiting", "connecting", "open"]);
  });

  it("a hundred readers that come and go share one line, and leave nothing", async () => {
    const { server, handle } = await start([events("data: 1\n\n"), events("data: 2\n\n", fin)], dials.sse);
    await handle.receive(1);
    for (let n = 0; n < 100; n += 1) handle.stream.subscribe().unsubscribe();
    await server.roundTrip();
    expect(server.requests).toHaveLength(1);
    handle[Symbol.dispose]();
    await expectSilence(server, handle, 1);
  });
});
