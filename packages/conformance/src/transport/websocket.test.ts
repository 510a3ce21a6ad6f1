import { text, type WebSocketOptions, websocket } from "@tidewire/core";
import { describe, expect } from "vitest";
import { fin, raw, rst, status, webSocket, webSocketWithAlienProtocol } from "./replies.ts";
import { type Row, runTable } from "./row.ts";
import type { Reply } from "./scripted-server.ts";

const dialWith =
  (options: WebSocketOptions): Row["dial"] =>
  (server) =>
    websocket(`${server.ws}/socket`, options);
const dial = dialWith({});
const one = webSocket((peer) => peer.send("1"));
const two = webSocket((peer) => peer.send("2"));
const oneThen =
  (act: Reply): Reply =>
  async (exchange) => {
    const peer = await exchange.upgrade();
    peer.send("1");
    await act(exchange);
  };
const closes = (code: number, reason = "") => webSocket((peer) => peer.close(code, reason));
const writes =
  (...bytes: number[]): Reply =>
  (exchange) =>
    exchange.write(Uint8Array.from(bytes));

const lostAndBack = ["connecting", "open", "waiting", "connecting", "open"] as const;
const lost = { dial, statuses: lostAndBack, messages: [2], requests: 2 };
const cut = { dial, statuses: lostAndBack, messages: [1, 2], requests: 2, code: "network" as const };
const refused = {
  dial,
  statuses: ["connecting", "waiting", "connecting", "open"] as const,
  messages: [1],
  requests: 2,
  code: "network" as const,
};

describe("what a close code means", () => {
  runTable([
    ...[1000, 1001, 1011, 1012, 1013, 1014, 3001, 4000, 4500, 4503].map((code) => ({
      ...lost,
      title: `${code} is dialled again`,
      script: [closes(code, "why"), two],
      code: "closed-by-server" as const,
      also: ({ error }: Parameters<NonNullable<Row["also"]>>[0]) =>
        expect(error).toMatchObject({ isFinal: false, detail: { closeCode: code, reason: "why" } }),
    })),
    ...[1003, 1007, 1008, 4400, 4403, 4406].map((code) => ({
      title: `${code} is final`,
      dial,
      script: [closes(code, "no")],
      statuses: ["connecting", "open", "failed"] as const,
      requests: 1,
      code: "closed-by-server" as const,
      also: ({ error }: Parameters<NonNullable<Row["also"]>>[0]) =>
        expect(error).toMatchObject({ isFinal: true, detail: { closeCode: code, reason: "no" } }),
    })),
    {
      ...lost,
      title: "a close without a code is dialled again",
      script: [webSocket((peer) => peer.close()), two],
      code: "closed-by-server",
    },
    {
      ...lost,
      title: "4600 is dialled again at once, whatever the jitter",
      script: [closes(4600), two],
      behaviour: { random: () => 0.999 },
      code: "closed-by-server",
      waits: [0],
    },
    {
      ...lost,
      title: "a hint in the reason is kept to",
      script: [closes(1013, "retry-after: 3"), two],
      code: "closed-by-server",
      waits: [3000],
    },
    {
      ...lost,
      title: "a hint in milliseconds is kept to",
      script: [closes(1012, "retry-after-ms=250"), two],
      code: "closed-by-server",
      waits: [250],
    },
    {
      title: "a policy of one's own comes first",
      dial,
      behaviour: { verdict: ({ error }) => (error?.detail.reason === "done" ? "over" : undefined) },
      script: [closes(1011), closes(1000, "done")],
      statuses: ["connecting", "open", "waiting", "connecting", "open", "closed"],
      requests: 2,
      code: "closed-by-server",
      also: ({ handle }) => expect(handle.end).toBe("completed"),
    },
    {
      title: "a close that arrives with the last message comes after it",
      dial,
      script: [
        webSocket((peer) => {
          peer.send("1");
          peer.close(1008);
        }),
      ],
      statuses: ["connecting", "open", "failed"],
      messages: [1],
      requests: 1,
      code: "closed-by-server",
    },
  ]);
});

describe("a line that breaks", () => {
  runTable([
    {
      ...cut,
      title: "a RST is 1006, a network error",
      script: [oneThen((exchange) => exchange.reset()), two],
      also: ({ error }) => expect(error?.detail.closeCode).toBe(1006),
    },
    {
      ...cut,
      title: "a FIN without a close frame is 1006, a network error",
      script: [oneThen((exchange) => exchange.fin()), two],
    },
    {
      ...cut,
      title: "a frame with reserved bits is refused, and the line dialled again",
      script: [oneThen(writes(0xff, 0x05, 1, 2, 3, 4, 5)), two],
      also: ({ error }) => expect(error?.isFinal).toBe(false),
    },
    {
      ...cut,
      title: "text that is no UTF-8 is refused, and the line dialled again",
      script: [oneThen(writes(0x81, 0x02, 0xc3, 0x28)), two],
      also: ({ error }) => expect(error?.isFinal).toBe(false),
    },
    {
      ...cut,
      title: "a masked frame from a server is refused, and the line dialled again",
      script: [oneThen(writes(0x81, 0x81, 1, 2, 3, 4, 5)), two],
      also: ({ error }) => expect(error?.isFinal).toBe(false),
    },
    {
      ...cut,
      title: "half a frame and the end is 1006",
      script: [
        oneThen(async (exchange) => {
          await exchange.write(Uint8Array.of(0x81, 0x05, 0x31));
          exchange.fin();
        }),
        two,
      ],
    },
  ]);
});

describe("a handshake that fails", () => {
  runTable([
    // 401 is left out: the WebSocket of Node 24 asks a second time on its own.
    ...[403, 404, 500, 503].map((code) => ({
      ...refused,
      title: `${code} on the upgrade is retried, for a page cannot see it`,
      script: [status(code), one],
    })),
    { ...refused, title: "200 on the upgrade is retried", script: [status(200), one] },
    { ...refused, title: "garbage on the upgrade is retried", script: [raw("\0\u0001\r\n\r\n", fin), one] },
    { ...refused, title: "a line closed before the answer is retried", script: [raw(fin), one] },
    { ...refused, title: "a line reset before the answer is retried", script: [raw(rst), one] },
    {
      ...refused,
      title: "a subprotocol that nobody offered is refused",
      dial: dialWith({ protocols: ["chat"] }),
      script: [webSocketWithAlienProtocol, webSocket((peer) => peer.send("1"), "chat")],
    },
    {
      ...refused,
      title: "a server that takes no subprotocol is refused",
      dial: dialWith({ protocols: ["chat"] }),
      script: [one, webSocket((peer) => peer.send("1"), "chat")],
    },
    {
      title: "subprotocols are offered in order, and asked for at each dial",
      dial(server) {
        let dials = 0;
        return websocket(server.ws, { protocols: () => [`v${++dials}`, "v0"] });
      },
      script: [webSocket((peer) => peer.close(1011), "v0"), webSocket(() => {}, "v2")],
      statuses: lostAndBack,
      requests: 2,
      code: "closed-by-server",
      also: ({ server }) =>
        expect(server.requests.map(({ headers }) => headers.get("sec-websocket-protocol")?.replace(" ", ""))).toEqual([
          "v1,v0",
          "v2,v0",
        ]),
    },
    {
      title: "a subprotocol that is no token is a programmer's mistake, and final",
      dial: dialWith({ protocols: ["not a token"] }),
      script: [],
      statuses: ["connecting", "failed"],
      requests: 0,
      code: "option-invalid",
    },
  ]);
});

describe("what a WebSocket carries", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
  const binary = { decode: (payload: unknown) => payload, encode: (value: unknown) => value as ArrayBuffer };
  const opened = ["connecting", "open"] as const;
  runTable([
    {
      title: "text, one message each, in order",
      dial,
      script: [
        webSocket((peer) => {
          for (let n = 0; n < 200; n += 1) peer.send(`${n}`);
        }),
      ],
      statuses: opened,
      messages: Array.from({ length: 200 }, (_, n) => n),
      requests: 1,
    },
    {
      title: "binary as ArrayBuffer",
      dial,
      script: [webSocket((peer) => peer.send(bytes))],
      behaviour: { codec: binary },
      statuses: opened,
      messages: [bytes.buffer],
      requests: 1,
      also: ({ handle }) => expect(handle.messages[0]?.data).toBeInstanceOf(ArrayBuffer),
    },
    {
      title: "binary as Blob where asked",
      dial: dialWith({ binaryType: "blob" }),
      script: [webSocket((peer) => peer.send(bytes))],
      behaviour: { codec: binary },
      statuses: opened,
      messages: [expect.any(Blob)],
      requests: 1,
      also: async ({ handle }) =>
        expect(await new Response(handle.messages[0]?.data as Blob).arrayBuffer()).toEqual(bytes.buffer),
    },
    {
      title: "a message of eight megabytes",
      dial,
      script: [webSocket((peer) => peer.send("x".repeat(8_000_000)))],
      behaviour: { codec: text },
      statuses: opened,
      messages: ["x".repeat(8_000_000)],
      requests: 1,
    },
    {
      title: "a message in many fragments as one",
      dial,
      script: [
        webSocket((peer) => {
          for (let n = 0; n < 100; n += 1) peer.send("ab", { fin: n === 99 });
        }),
      ],
      behaviour: { codec: text },
      statuses: opened,
      messages: ["ab".repeat(100)],
      requests: 1,
    },
    {
      title: "an empty message is a message",
      dial,
      script: [webSocket((peer) => peer.send(""))],
      behaviour: { codec: text },
      statuses: opened,
      messages: [""],
      requests: 1,
    },
    {
      title: "an http address becomes a ws address",
      dial: (server) => websocket(`${server.http}/socket#part`),
      script: [one],
      statuses: opened,
      messages: [1],
      requests: 1,
      also: ({ server }) => expect(server.requests[0]?.url).toBe("/socket"),
    },
  ]);
});
