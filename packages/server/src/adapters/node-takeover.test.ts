import { channel } from "node:diagnostics_channel";
import { once } from "node:events";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import net, { type AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createHub, type Hub } from "../hub.ts";
import { readSse } from "./node.fixture.ts";
import { type NodeHandlerOptions, toNodeHandler } from "./node.ts";

const GET = "GET /?topic=a HTTP/1.1\r\nHost: x\r\n\r\n";
const HELLO = JSON.stringify({ k: "hello", v: 1, gen: 1, subs: [{ t: "a" }] });
const POST = `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${HELLO.length}\r\n\r\n${HELLO}`;

interface Setting {
  readonly hub: Hub;
  readonly server: http.Server;
  readonly port: number;
  readonly url: string;
  /** All responses that were begun, oldest first. */
  readonly responses: readonly ServerResponse[];
}

/** A hub on a server that shows its responses. */
async function serve(
  options: http.ServerOptions = {},
  before: (request: IncomingMessage, response: ServerResponse) => void = () => {},
  handlerOptions: NodeHandlerOptions = {},
): Promise<Setting> {
  const hub = createHub({ heartbeatMs: 40 });
  const responses: ServerResponse[] = [];
  const handler = toNodeHandler(hub, handlerOptions);
  const server = http.createServer(options, (request, response) => {
    responses.push(response);
    before(request, response);
    handler(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    await hub.close();
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { hub, server, port, url: `http://127.0.0.1:${port}/?topic=a`, responses };
}

/** A bare client, with all that it was sent. */
async function dial(port: number, text: string): Promise<{ socket: net.Socket; got: () => string }> {
  const socket = net.connect({ port, host: "127.0.0.1", allowHalfOpen: true }).setEncoding("latin1");
  onTestFinished(() => void socket.destroy());
  let received = "";
  socket
    .on("error", () => {})
    .on("data", (part) => {
      received += part;
    });
  socket.write(text);
  return { socket, got: () => received };
}

/** Waits until the response was let go of. */
async function taken({ responses }: Setting, index = 0): Promise<void> {
  await expect.poll(() => responses[index]?.closed).toBe(true);
  expect(responses[index]?.socket).toBe(null);
}

describe("a line that has its socket for itself", () => {
  it.each([
    ["GET", GET],
    ["POST", POST],
  ])("goes on after the response of a %s, and ends as a response does", async (_method, request) => {
    const setting = await serve();
    const { socket, got } = await dial(setting.port, request);
    await taken(setting);
    await setting.hub.publish("a", "one");
    await expect.poll(got).toContain("one");
    expect(got()).not.toContain("\r\n0\r\n\r\n");
    const ended = once(socket, "end");
    await setting.hub.close();
    expect(setting.hub.stats().lines).toBe(0);
    await ended;
    expect(got().endsWith("\r\n0\r\n\r\n")).toBe(true);
    expect(got().match(/HTTP\/1\.1/g)).toHaveLength(1);
  });

  it("is left by a client that leaves, and by one that only stops sending", async () => {
    const setting = await serve();
    const { hub, port } = setting;
    const one = await dial(port, GET);
    const other = await dial(port, GET);
    await taken(setting, 0);
    await taken(setting, 1);
    expect(hub.stats().lines).toBe(2);
    one.socket.destroy();
    await expect.poll(() => hub.stats().lines).toBe(1);
    const ended = once(other.socket, "end");
    other.socket.end();
    await ended;
    await expect.poll(() => hub.stats().lines).toBe(0);
  });

  it("is cut off when its reader does not take the end", async () => {
    const setting = await serve();
    const { socket } = await dial(setting.port, GET);
    await taken(setting);
    socket.pause();
    for (let n = 0; n < 60; n += 1) await setting.hub.publish("a", "x".repeat(100_000));
    await setting.hub.close();
    expect(setting.hub.stats().lines).toBe(0);
  });

  it("stays while its server closes idle connections, and keeps the server from being closed", async () => {
    const setting = await serve();
    const { hub, server, url } = setting;
    const stream = await readSse(url);
    await taken(setting);
    const onClose = vi.fn();
    server.on("close", onClose).close();
    server.closeIdleConnections();
    await hub.publish("a", 1);
    expect(await stream.take(1)).toMatchObject([{ data: 1 }]);
    expect(onClose).not.toHaveBeenCalled();
    await hub.close();
    await expect.poll(() => onClose.mock.calls.length).toBe(1);
  });

  it("is ended by closeAllConnections", async () => {
    const setting = await serve();
    const { hub, server, port } = setting;
    const { socket } = await dial(port, GET);
    await taken(setting);
    const gone = Promise.all([once(server, "close"), once(socket, "end")]);
    server.close();
    server.closeAllConnections();
    await gone;
    await expect.poll(() => hub.stats().lines).toBe(0);
  });

  it("outlives the times that are set for requests and for idle connections", async () => {
    const times = { headersTimeout: 10, requestTimeout: 20, keepAliveTimeout: 10, connectionsCheckingInterval: 5 };
    const setting = await serve({ ...times, keepAliveTimeoutBuffer: 0 } as http.ServerOptions);
    const stream = await readSse(setting.url);
    await taken(setting);
    while (stream.comments.length < 6) expect(await stream.read()).toBe(true);
  });

  it("keeps the time after which its server hangs up on a silent socket", async () => {
    const setting = await serve();
    setting.server.setTimeout(60_000);
    const { socket } = await dial(setting.port, GET);
    await taken(setting);
    expect(setting.responses[0]?.req.socket.timeout).toBe(60_000);
    socket.destroy();
  });

  it("answers no second request, reads what comes up for nothing, and not for ever", async () => {
    const setting = await serve();
    const { socket, got } = await dial(setting.port, GET);
    await taken(setting);
    socket.write(GET);
    const theirs = setting.responses[0]?.req.socket;
    await expect.poll(() => theirs?.bytesRead).toBe(2 * GET.length);
    await setting.hub.publish("a", "after");
    await expect.poll(got).toContain("after");
    expect(setting.responses).toHaveLength(1);
    socket.write("x".repeat(100_000));
    await expect.poll(() => setting.hub.stats().lines).toBe(0);
  });

  it("counts for its address until it is over", async () => {
    const { hub, url } = await serve({}, undefined, { maxLinesPerAddress: 1 });
    const stream = await readSse(url);
    await hub.publish("a", 1);
    await stream.take(1);
    expect((await fetch(url)).status).toBe(429);
    stream.abort();
    await expect.poll(() => hub.stats().lines).toBe(0);
    expect((await readSse(url)).response.status).toBe(200);
  });
});

describe("a response is kept, and its line works,", () => {
  const watched: readonly (readonly [string, (request: IncomingMessage, response: ServerResponse) => void])[] = [
    ["where somebody waits for its end", (_request, response) => void response.on("finish", () => {})],
    ["where somebody waits for its close", (_request, response) => void response.on("close", () => {})],
    ["where somebody waits for the request's close", (request) => void request.on("close", () => {})],
    [
      "where somebody wrapped its end",
      (_request, response) => {
        const { end } = response;
        response.end = ((...given: Parameters<typeof end>) => end.apply(response, given)) as typeof end;
      },
    ],
    [
      "where this Node is another one",
      ({ socket }) => {
        const [listener] = socket.listeners("close");
        if (listener) Object.defineProperty(listener, "name", { value: "onSocketClose" });
      },
    ],
  ];

  it.each(watched)("%s", async (_where, before) => {
    const setting = await serve({}, before);
    const { hub, url, responses } = setting;
    const stream = await readSse(url);
    for (const n of [1, 2]) {
      await hub.publish("a", n);
      expect(await stream.take(1)).toMatchObject([{ data: n }]);
    }
    expect(responses[0]?.closed).toBe(false);
    await hub.close();
    await stream.end();
    await expect.poll(() => responses[0]?.closed).toBe(true);
  });

  it("where responses are watched for their end", async () => {
    const onFinish = vi.fn();
    const finishes = channel("http.server.response.finish");
    finishes.subscribe(onFinish);
    onTestFinished(() => void finishes.unsubscribe(onFinish));
    const { hub, url } = await serve();
    const stream = await readSse(url);
    await hub.publish("a", 1);
    await stream.take(1);
    expect(onFinish).not.toHaveBeenCalled();
    await hub.close();
    await expect.poll(() => onFinish.mock.calls.length).toBe(1);
  });

  it("where the client asked to hang up after it", async () => {
    const setting = await serve();
    const { got } = await dial(setting.port, GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
    await expect.poll(got).toContain("tidewire");
    await setting.hub.publish("a", "one");
    await expect.poll(got).toContain("one");
    expect(setting.responses[0]?.closed).toBe(false);
  });

  it("where a second request came along, which is answered when the line ends", async () => {
    const setting = await serve();
    const { got } = await dial(setting.port, GET + GET.replace("topic=a", "topic="));
    await expect.poll(() => setting.responses.length).toBe(2);
    await setting.hub.publish("a", "one");
    await expect.poll(got).toContain("one");
    expect(got().match(/HTTP\/1\.1/g)).toHaveLength(1);
    await setting.hub.close();
    await expect.poll(got).toMatch(/one[\s\S]*\r\n0\r\n\r\nHTTP\/1\.1 400 /);
  });
});
