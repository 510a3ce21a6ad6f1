import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { createHub } from "../hub.ts";
import { chunkOf } from "./http-chunk.ts";
import { toNodeHandler } from "./node.ts";

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** Asks a hub behind `wrap` with bare bytes, and gives what comes back until it matches. */
async function exchange(
  request: string,
  isDone: RegExp,
  wrap: (response: import("node:http").ServerResponse) => void = () => {},
) {
  const hub = createHub();
  await hub.publish("a", "é");
  const handler = toNodeHandler(hub);
  const server = createServer((req, response) => {
    wrap(response);
    handler(req, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  open.push(
    () => socket.destroy(),
    () => hub.close(),
    () => server.close(),
  );
  socket.write(request);
  let text = "";
  for await (const bytes of socket) {
    text += bytes.toString("latin1");
    if (isDone.test(text)) break;
  }
  return text;
}

const GET = "GET /?topic=a&from=earliest HTTP/1.1\r\nHost: x\r\n\r\n";

it("a chunk says its length in bytes, and ends in CRLF", () => {
  expect(chunkOf("é\n").toString()).toBe("3\r\né\n\r\n");
});

describe("an event stream", () => {
  it("is chunked over HTTP/1.1", async () => {
    const text = await exchange(GET, /data: [^\n]*\n\n\r\n$/);
    const [head, body] = text.split("\r\n\r\n", 2) as [string, string];
    expect(head).toMatch(/transfer-encoding: chunked/i);
    let rest = text.slice(head.length + 4);
    while (rest !== "") {
      const [size] = rest.split("\r\n", 1) as [string];
      const length = Number.parseInt(size, 16);
      expect(length, body).toBeGreaterThan(0);
      rest = rest.slice(size.length + 2 + length);
      expect(rest.slice(0, 2)).toBe("\r\n");
      rest = rest.slice(2);
    }
  });

  it("is not chunked over HTTP/1.0", async () => {
    const text = await exchange(GET.replace("1.1", "1.0"), /data: [^\n]*\n\n$/);
    expect(text).not.toMatch(/chunked/i);
    expect(text).toMatch(/\r\n\r\n: tidewire\n/);
  });

  it("goes through whoever wraps the response", async () => {
    const wrap = (response: import("node:http").ServerResponse) => {
      const write = response.write.bind(response);
      const upper = (bytes: Uint8Array | string) => write(gzipSync(bytes).toString("base64"));
      response.write = upper as typeof response.write;
    };
    const text = await exchange(GET, /H4sI[\s\S]*H4sI/, wrap);
    expect(text).not.toContain("data:");
  });
});
