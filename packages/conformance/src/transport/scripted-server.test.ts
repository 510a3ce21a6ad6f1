import { connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { SOON } from "../faults/soon.ts";
import { chunkedEvents, events, fin, htmlPage, raw, redirect, rst, status, unanswered, webSocket } from "./replies.ts";
import { createScriptedServer, type Script, type ScriptedServer } from "./scripted-server.ts";

let server: ScriptedServer | undefined;
afterEach(() => server?.[Symbol.asyncDispose]());

async function serve(script: Script): Promise<ScriptedServer> {
  server = await createScriptedServer(script);
  return server;
}

async function chunksOf(response: Response): Promise<string[]> {
  const chunks: string[] = [];
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    chunks.push(new TextDecoder().decode(chunk));
  }
  return chunks;
}

describe("the scripted server", () => {
  it("plays its script request by request, and records what came", async () => {
    const { http, requests } = await serve([
      status(503, { "retry-after": "2" }),
      htmlPage,
      redirect("/login"),
      status(401),
    ]);
    const first = await fetch(`${http}/a?b=c`, { method: "POST", body: "hello", headers: { "x-test": "1" } });
    const rest = [await fetch(http), await fetch(http, { redirect: "manual" }), await fetch(http)];
    expect([first.status, first.headers.get("retry-after")]).toEqual([503, "2"]);
    expect(rest.map((response) => response.status)).toEqual([200, 302, 401]);
    const seen = server?.requests[0];
    expect(requests).toEqual([]); // the getter was read before anything came: the list is a snapshot
    expect(seen).toMatchObject({ method: "POST", url: "/a?b=c", body: "hello" });
    expect(seen?.headers.get("x-test")).toBe("1");
    expect(server?.requests).toHaveLength(4);
  });

  it("delivers chunks apart, byte by byte where asked", async () => {
    const { http } = await serve([events(..."data: a\n\n", fin), chunkedEvents("da", "ta: a", "\n\n", rst)]);
    expect(await chunksOf(await fetch(http))).toEqual([..."data: a\n\n"]);
    await expect(chunksOf(await fetch(http))).rejects.toThrow();
  });

  it("ends a body cleanly by FIN without length, and cuts a chunked one", async () => {
    const { http } = await serve([events("x", fin), chunkedEvents("x", fin)]);
    expect(await (await fetch(http)).text()).toBe("x");
    await expect((await fetch(http)).text()).rejects.toThrow();
  });

  it("answers nothing, or garbage, and sees a client hang up", async () => {
    const { http } = await serve([unanswered, raw("\0\x01garbage\r\n\r\n", fin)]);
    const abort = new AbortController();
    const hanging = fetch(http, { signal: abort.signal });
    const exchange = await server?.exchange(0);
    expect(server?.open).toBe(1);
    abort.abort();
    await expect(hanging).rejects.toThrow();
    await exchange?.gone;
    await expect(fetch(http)).rejects.toThrow();
    await server?.idle();
    expect(server?.requests).toHaveLength(2);
  });

  it("speaks WebSocket, refuses one, and closes with a code", async () => {
    const { ws } = await serve([
      webSocket((peer) =>
        peer.on("message", (text) => peer.send(`echo ${text}`)).on("message", () => peer.close(4001, "bye")),
      ),
      status(401),
    ]);
    const client = new WebSocket(ws);
    const heard: unknown[] = [];
    client.on("open", () => client.send("hi"));
    client.on("message", (text) => heard.push(String(text)));
    client.on("close", (code, reason) => heard.push([code, String(reason)]));
    await expect.poll(() => heard, SOON).toEqual(["echo hi", [4001, "bye"]]);
    const refused = new WebSocket(ws);
    const errors: string[] = [];
    refused.on("error", (error) => errors.push(error.message));
    await expect.poll(() => errors, SOON).toEqual(["Unexpected server response: 401"]);
    expect(server?.requests.map((request) => request.headers.get("upgrade"))).toEqual(["websocket", "websocket"]);
  });

  it("does not count its own round trip", async () => {
    await serve([]);
    await server?.roundTrip();
    expect(server?.requests).toEqual([]);
    const idle = connect({ port: server?.port ?? 0, host: "127.0.0.1" });
    await expect.poll(() => server?.open, SOON).toBe(1);
    idle.destroy();
    await server?.idle();
  });
});
