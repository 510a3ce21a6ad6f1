import { expect, test } from "vitest";
import { checkPort, guess, orInvalid } from "./mistake.ts";
import type { LineEnd } from "./transport.ts";
import { type WebSocketLike, websocket } from "./websocket.ts";

const page = { href: "https://app.test/board", origin: "https://app.test", protocol: "https:" };

test("what may be behind a failure is said where something can be seen", () => {
  expect(guess("sse http://api.test/", page)).toContain("https alone");
  expect(guess("sse https://api.test/", page)).toContain("allow https://app.test");
  expect(guess("ndjson https://api.test/", page)).toContain("CORS");
});

test.each(["sse /ticks", "sse https://app.test/ticks", "sse", "websocket wss://api.test/"])(
  "nothing is guessed about %s",
  (name) => {
    expect(guess(name, page)).toBe("");
  },
);

test("without a page there is nothing to guess", () => {
  expect(guess("sse https://api.test/", undefined)).toBe("");
});

test.each([6000, 6667, 10080, 25])("port %i is refused, by its number", (port) => {
  expect(() => checkPort(new URL(`http://a.test:${port}/`))).toThrow(`Port ${port} is blocked`);
});

test.each([80, 443, 3000, 8080, 66])("port %i is not", (port) => {
  expect(() => checkPort(new URL(`http://a.test:${port}/`))).not.toThrow();
});

test("what is not the platform's word for a mistake stays what it is", () => {
  const thrown = new Error("no network");
  expect(() =>
    orInvalid(() => {
      throw thrown;
    }, false),
  ).toThrow(thrown);
});

test("ws: from a page over https is a mistake: its constructor says so", async () => {
  class Insecure {
    constructor() {
      throw new DOMException("An insecure WebSocket connection may not be initiated.", "SecurityError");
    }
  }
  const end = await new Promise<LineEnd>((closed) => {
    const quiet = { opened() {}, caughtUp() {}, alive() {}, message() {}, resumeAt() {}, retryHint() {} };
    const transport = websocket("ws://a.test/", { WebSocket: Insecure as unknown as new () => WebSocketLike });
    transport.open({ lastEventId: "", token: undefined }, { ...quiet, closed });
  });
  expect(end.error).toMatchObject({ code: "option-invalid", isFinal: true });
  expect(end.error?.message).toMatch(/wss:.*insecure/);
});
