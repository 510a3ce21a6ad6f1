import { readFileSync } from "node:fs";
import { createClient, overSse, overWebSocket } from "@tidewire/core";
import { createHub, type Engine, type HubEvent, memory } from "@tidewire/server";
import { expect, onTestFinished, test } from "vitest";
import { hubConfiguration, startNginx } from "../../../../.ci/nginx.ts";
import { find } from "../../../../.ci/tools.mjs";
import { fileOf } from "../readme/examples.ts";
import { type Happened, type HubProcess, startHubProcess } from "./hub-process.ts";
import { Ledger } from "./ledger.ts";
import { serveEngine } from "./serve-engine.ts";

const CLIENTS = 60;
const DEADLINE_MS = 6000;
/** Of its time a node gives so much to the moves, and the rest to those who are late. */
const SPREAD_MS = (DEADLINE_MS - 2500) * 0.9;
const PUBLISH_MS = 10;
const SEND_MS = 50;

test("the operators' page shows the configuration that is tested here", () => {
  expect(readFileSync(fileOf("packages/server/README.md"), "utf8")).toContain(`\`\`\`nginx\n${hubConfiguration}\`\`\``);
});

/** Two nodes on one engine, with nginx before them. */
async function startCluster(engine: Engine) {
  const served = await serveEngine(engine);
  onTestFinished(() => served[Symbol.dispose]());
  const start = async (node: string, port = 0): Promise<HubProcess> => {
    const order = {
      engine: { port: served.port },
      up: "up",
      retainMessages: 10_000,
      node,
      port,
      deadlineMs: DEADLINE_MS,
    };
    const started = await startHubProcess(order);
    onTestFinished(started.kill);
    return started;
  };
  const nodes: [HubProcess, HubProcess] = [await start("one"), await start("two")];
  const nginx = await startNginx([nodes[0].port, nodes[1].port]);
  onTestFinished(nginx.stop);
  /** Ends a node as a deploy does, and starts it again at the same port. Gives what the two nodes told meanwhile. */
  const restart = async (index: 0 | 1) => {
    const leaving = nodes[index];
    const other = nodes[1 - index] as HubProcess;
    const before = other.happened.length;
    const end = await leaving.terminate();
    nodes[index] = await start(`${index} again`, leaving.port);
    return { end, leaving: leaving.happened, taking: other.happened.slice(before) };
  };
  return { url: `http://127.0.0.1:${nginx.port}/realtime`, restart };
}

/** A client that reads "down" and sends numbers to "up", one after the other. */
function startClient(url: string, index: number) {
  const client = createClient({ url, transport: index % 2 === 0 ? overWebSocket : overSse });
  onTestFinished(() => client.close());
  const ledger = new Ledger();
  ledger.read(client, ["down"]);
  const up = client.topic<{ client: number; n: number }>("up");
  const failures: unknown[] = [];
  let sent = 0;
  let isSending = false;
  const send = async () => {
    if (isSending) return;
    isSending = true;
    sent += 1;
    await up.send({ client: index, n: sent }).catch((error: unknown) => failures.push(error));
    isSending = false;
  };
  return { client, index, ledger, failures, send, sent: () => sent };
}

/** What clients sent, as the engine keeps it. */
function readUp(engine: Engine): Map<number, number[]> {
  const up = new Map<number, number[]>();
  engine
    .feed({
      entry(_topic, { payload }) {
        const { client, n } = JSON.parse(payload) as { client: number; n: number };
        up.set(client, [...(up.get(client) ?? []), n]);
      },
      state() {},
    })
    .want("up");
  return up;
}

/** Everybody left by a handover, each once, and at moments that are spread over the time that the node announced. */
function expectMoves(leaving: readonly Happened[], taking: readonly Happened[]): void {
  const find = (name: string) => leaving.find(({ event }) => event.name === name);
  const started = find("tidewire.drain.started");
  const { lines } = { lines: 0, ...started?.event } as Extract<HubEvent, { name: "tidewire.drain.started" }>;
  expect(lines).toBeGreaterThan(CLIENTS / 4);
  expect(find("tidewire.drain.done")?.event).toMatchObject({ lines });
  const moments = taking
    .filter(({ event }) => event.name === "tidewire.line.opened")
    .map(({ at }) => at - (started?.at ?? 0));
  expect(moments.length).toBe(lines);
  for (const share of [0.25, 0.5, 0.75]) {
    const early = moments.filter((ms) => ms < SPREAD_MS * share).length;
    expect(early / lines, `back in ${share} of the time`).toBeGreaterThan(share - 0.35);
    expect(early / lines, `back in ${share} of the time`).toBeLessThan(share + 0.35);
  }
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

const title = "a rolling restart behind nginx loses, repeats and reorders nothing, either way";
// Half a megabyte that only CI fetches.
if (find("nginx") === undefined) test.skip(`${title}: nginx is not on this machine`, () => {});
else
  test(title, { timeout: 90_000 }, async () => {
    const engine = memory();
    const publisher = createHub({ engine });
    onTestFinished(() => publisher.close());
    const up = readUp(engine);
    const { url, restart } = await startCluster(engine);
    const clients = upTo(CLIENTS).map((index) => startClient(url, index));
    await expect
      .poll(() => clients.every(({ client }) => client.status.status === "open"), { timeout: 10_000 })
      .toBe(true);

    const published = new Map([["down", 0]]);
    const every = (ms: number, work: () => void): (() => void) => {
      const timer = setInterval(work, ms);
      onTestFinished(() => clearInterval(timer));
      return () => clearInterval(timer);
    };
    const publish = () => {
      const n = (published.get("down") ?? 0) + 1;
      published.set("down", n);
      void publisher.publish("down", n);
    };
    const stopPublishing = every(PUBLISH_MS, publish);
    const stopSending = every(SEND_MS, () => {
      for (const { send } of clients) void send();
    });
    await expect.poll(() => clients.every(({ ledger }) => ledger.isComplete(new Map([["down", 1]])))).toBe(true);

    for (const index of [0, 1] as const) {
      const { end, leaving, taking } = await restart(index);
      expect(end.code).toBe(0);
      expect(end.afterMs).toBeLessThan(DEADLINE_MS);
      expectMoves(leaving, taking);
    }
    stopPublishing();
    stopSending();
    await expect
      .poll(() => clients.filter(({ ledger }) => !ledger.isComplete(published)).length, { timeout: 10_000 })
      .toBe(0);
    for (const { ledger, failures } of clients) {
      expect(ledger.gaps).toBe(0);
      expect(ledger.audit(published)).toEqual({ lost: 0, doubled: 0, reordered: 0 });
      expect(failures).toEqual([]);
    }
    const sent = clients.map((client) => upTo(client.sent()));
    await expect.poll(() => clients.map(({ index }) => up.get(index)), { timeout: 10_000 }).toEqual(sent);
  });
