import { fork } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";

type Transport = "websocket" | "sse";

interface Report {
  readonly port: number;
  readonly residentMib: number;
  readonly lines: number;
}

const UPGRADE =
  "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";

/** By how much a fresh hub grows that publishes `mib` to readers that never read. */
async function grown(
  readers: readonly Transport[],
  mib: number,
  chars: number,
  flags: readonly string[] = [],
): Promise<number> {
  const child = fork(new URL("./resident.child.ts", import.meta.url), {
    execArgv: ["--conditions=@tidewire/source", ...flags],
  });
  onTestFinished(() => void child.kill());
  const next = async (): Promise<Report> => ((await once(child, "message")) as [Report])[0];
  const publish = (amount: number) => {
    child.send({ mib: amount, chars });
    return next();
  };
  const { port } = await next();
  for (const transport of readers) {
    const socket = connect(port, "127.0.0.1").on("error", () => {});
    onTestFinished(() => void socket.destroy());
    const more = transport === "websocket" ? UPGRADE : "";
    socket.write(`GET /?topic=a HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${more}\r\n`);
    await once(socket, "data"); // the head: it was let in
    socket.pause();
  }
  const before = await publish(4); // its code is compiled, and its log is full
  const after = await publish(mib);
  expect(after.lines).toBe(readers.length);
  return after.residentMib - before.residentMib;
}

/** Most of what is left is V8's nursery: it grows by the history that outlives its collections, whoever reads, up to a bound of its own. */
const BOUND_NURSERY = ["--max-semi-space-size=8"];

describe.each(["websocket", "sse"] as const)(
  "250 MiB in messages of 64 KiB for one reader over %s that does not read",
  (transport) => {
    test("leave little behind where the nursery is bounded", async () => {
      expect(await grown([transport], 250, 65_536, BOUND_NURSERY)).toBeLessThan(32);
    });

    test("leave no more than the nursery behind with default flags", async () => {
      expect(await grown([transport], 250, 65_536)).toBeLessThan(64);
    });
  },
);

test("100 MiB for a thousand readers that do not read leave little behind", async () => {
  const readers = Array.from({ length: 1000 }, (_, index): Transport => (index % 2 ? "websocket" : "sse"));
  expect(await grown(readers, 100, 65_536)).toBeLessThan(64);
}, 60_000);
