import { expect, test } from "vitest";
import { httpProbe } from "./http-probe.ts";
import { type WebSocketLike, websocket } from "./websocket.ts";

const url = new URL("wss://chat.test/room");
const answering = (status: number) => {
  const asked: string[] = [];
  const fetch = async (address: string): Promise<Response> => {
    asked.push(address);
    return new Response(null, { status });
  };
  return { fetch, asked };
};

test.for([
  [401, { error: { code: "unauthenticated", isFinal: true } }],
  [403, { error: { code: "unauthenticated" } }],
  [404, { error: { code: "http-status", isFinal: true, detail: { status: 404 } } }],
  [503, { error: { code: "http-status", isFinal: false } }],
] as const)("%i explains the handshake", async ([status, end]) => {
  const { fetch, asked } = answering(status);
  expect(await httpProbe(url, { fetch })).toMatchObject(end);
  expect(asked).toEqual(["https://chat.test/room"]);
});

test.for([200, 204, 400, 405, 426])("%i explains nothing: so answers who waits for an upgrade", async (status) => {
  expect(await httpProbe(url, answering(status))).toBeUndefined();
});

test("a server that is not there is the network", async () => {
  const fetch = () => Promise.reject(new TypeError("fetch failed"));
  expect(await httpProbe(url, { fetch })).toMatchObject({ error: { code: "network", isFinal: false } });
});

/** Opens a WebSocket that closes with 1006, before or after it opened, and gives the end and how often it was asked. */
async function close1006(didOpen: boolean) {
  let asked = 0;
  class Refused implements WebSocketLike {
    binaryType = "";
    readonly bufferedAmount = 0;
    readonly protocol = "";
    onopen: WebSocketLike["onopen"] = null;
    onmessage: WebSocketLike["onmessage"] = null;
    onerror: WebSocketLike["onerror"] = null;
    onclose: WebSocketLike["onclose"] = null;
    constructor() {
      queueMicrotask(() => {
        if (didOpen) this.onopen?.({} as never);
        this.onclose?.({ code: 1006, reason: "" });
      });
    }
    send(): void {}
    close(): void {}
  }
  const { fetch } = answering(404);
  const probe = (address: URL) => {
    asked += 1;
    return httpProbe(address, { fetch });
  };
  const end = await new Promise((closed) => {
    const quiet = { opened() {}, caughtUp() {}, alive() {}, message() {}, resumeAt() {}, retryHint() {} };
    websocket(url, { WebSocket: Refused, probe }).open({ lastEventId: "", token: undefined }, { ...quiet, closed });
  });
  return { end, asked };
}

test("a handshake that fails is explained by the probe", async () => {
  expect(await close1006(false)).toMatchObject({ end: { error: { code: "http-status", isFinal: true } }, asked: 1 });
});

test("a line that was open is not probed", async () => {
  expect(await close1006(true)).toMatchObject({ end: { error: { code: "network", isFinal: false } }, asked: 0 });
});
