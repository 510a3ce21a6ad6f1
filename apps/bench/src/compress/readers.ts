// A process full of readers that unpack what comes, and count it.
import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { WebSocket } from "ws";

/** What the process is told. Each order has one answer. */
export type ReadersOrder =
  | { readonly order: "open"; readonly port: number; readonly over: "SSE" | "WebSocket"; readonly count: number }
  /** Answered as soon as every reader has so many messages in all. */
  | { readonly order: "expect"; readonly messages: number }
  | { readonly order: "close" };

const AT_ONCE = 50;
const MARK = "\ndata: ";

let seen: number[] = [];
let hangUps: (() => void)[] = [];
let target = Number.POSITIVE_INFINITY;

function note(reader: number, count: number): void {
  seen[reader] = (seen[reader] ?? 0) + count;
  if (seen[reader] >= target) settle();
}

function settle(): void {
  if (seen.some((count) => count < target)) return;
  const most = Math.max(...seen);
  const wrong = most > target ? { wrong: `a reader has ${most} messages of ${target}` } : {};
  target = Number.POSITIVE_INFINITY;
  process.send?.(wrong);
}

async function openSse(port: number, reader: number): Promise<void> {
  const headers = { "accept-encoding": "gzip" };
  const request = get({ port, host: "127.0.0.1", path: "/?topic=t", headers, agent: false });
  request.on("error", () => {});
  hangUps.push(() => request.destroy());
  const [response] = (await once(request, "response")) as [IncomingMessage];
  response.on("error", () => {});
  const isGzip = response.headers["content-encoding"] === "gzip";
  const body: Readable = isGzip ? response.pipe(createGunzip()) : response;
  let rest = "";
  body.on("error", () => {});
  body.setEncoding("utf8").on("data", (piece: string) => {
    const parts = (rest + piece).split(MARK);
    rest = (parts.at(-1) ?? "").slice(1 - MARK.length);
    if (parts.length > 1) note(reader, parts.length - 1);
  });
}

async function openWebSocket(port: number, reader: number): Promise<void> {
  const peer = new WebSocket(`ws://127.0.0.1:${port}/?topic=t`);
  peer.on("error", () => {});
  hangUps.push(() => peer.terminate());
  await once(peer, "open");
  peer.on("message", () => note(reader, 1));
}

async function obey(order: ReadersOrder): Promise<object | undefined> {
  switch (order.order) {
    case "open": {
      const open = order.over === "SSE" ? openSse : openWebSocket;
      for (let next = 0; next < order.count; next += AT_ONCE) {
        const some = Array.from({ length: Math.min(AT_ONCE, order.count - next) }, () => seen.push(0) - 1);
        await Promise.all(some.map((reader) => open(order.port, reader)));
      }
      return {};
    }
    case "expect":
      target = order.messages;
      settle();
      return undefined;
    case "close":
      for (const hangUp of hangUps) hangUp();
      hangUps = [];
      seen = [];
      return {};
  }
}

process.on("message", (order: ReadersOrder) => {
  void obey(order).then((answer) => answer && process.send?.(answer));
});
process.on("disconnect", () => process.exit());
