import { TidewireError } from "@tidewire/wire";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Dial, LineEvents, Transport } from "../transport/transport.ts";
import { createConnection } from "./connection.ts";
import type { ConnectionOptions } from "./options.ts";
import type { PageEvent } from "./page.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
});

function connect(options: ConnectionOptions = {}, parts: Partial<Transport> = {}) {
  const dials: { dial: Dial; events: LineEvents }[] = [];
  let tell: (event: PageEvent) => void = () => {};
  const transport: Transport = {
    name: "test line",
    key: undefined,
    settings: {},
    canRedial: true,
    silenceMs: undefined,
    open(dial, events) {
      dials.push({ dial, events });
      return { close() {} };
    },
    ...parts,
  };
  const page = {
    isVisible: () => true,
    isOnline: () => true,
    listen(onEvent: (event: PageEvent) => void) {
      tell = onEvent;
      return () => {};
    },
  };
  const connection = createConnection(
    transport,
    { random: () => 0.5, page, ...options },
    { message() {}, status() {} },
  );
  connection.start();
  const lose = (afterMs?: number): void =>
    dials.at(-1)?.events.closed({ error: new TidewireError("network", "cut"), afterMs });
  return { connection, dials, lose, tell: (event: PageEvent) => tell(event) };
}

test("so many retries and no more, with the last error as the cause", () => {
  const { connection, dials, lose } = connect({ maxRetries: 2 });
  for (let dial = 0; dial < 3; dial += 1) {
    lose();
    vi.runOnlyPendingTimers();
  }
  expect(dials).toHaveLength(3);
  expect(connection.status).toMatchObject({
    status: "failed",
    error: { code: "retries-spent", isFinal: true, cause: { code: "network" } },
  });
  expect(vi.getTimerCount()).toBe(0);
});

test("the first dial resumes where the caller says, the next where the stream came to", () => {
  const { dials, lose } = connect({ lastEventId: "7" });
  expect(dials[0]?.dial.lastEventId).toBe("7");
  dials[0]?.events.opened();
  dials[0]?.events.resumeAt("8");
  lose();
  vi.runOnlyPendingTimers();
  expect(dials[1]?.dial.lastEventId).toBe("8");
});

test("a page that is looked at again ends a wait of our own, but not one that the server asked for", () => {
  const { connection, dials, lose, tell } = connect();
  lose();
  tell("visible");
  expect(dials).toHaveLength(2);
  lose(60_000);
  tell("visible");
  tell("online");
  expect(connection.status.status).toBe("waiting");
  vi.advanceTimersByTime(62_000);
  expect(dials).toHaveLength(3);
});

test("a ping goes only where there is a way up", () => {
  const ping = vi.fn(() => "ping");
  const { dials, connection } = connect({ ping, pingMs: 1000 });
  dials[0]?.events.opened();
  vi.advanceTimersByTime(5000);
  expect(ping).not.toHaveBeenCalled();
  expect(connection.status.status).toBe("open");
});

test("an error names its line and what became of it", () => {
  const { connection } = connect({ connectTimeoutMs: 3000 });
  vi.advanceTimersByTime(3000);
  expect(connection.status.error?.message).toBe("test line: did not open in 3000 ms.");
});

test("a server that names a base of nothing is not hammered", () => {
  const { connection, dials, lose } = connect({ random: () => 0 });
  dials[0]?.events.retryHint(0);
  lose();
  expect(connection.status).toMatchObject({ status: "waiting", retryAt: Date.now() + 50 });
});
