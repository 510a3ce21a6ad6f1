import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { redis } from "@tidewire/redis";
import { createClient, createCluster } from "redis";
import { expect, onTestFinished, test } from "vitest";
import { type RedisServer, startRedis, startRedisCluster } from "../../../../.ci/redis.ts";
import { find } from "../../../../.ci/tools.mjs";
import { EngineLives, faultOf } from "./engine-lives.ts";
import { seeded } from "./ledger.ts";

/** Lives in all, on one server and in a cluster. */
const LIVES = Number(process.env["LIVES"] ?? 2000);
/** Lives that go through the same faults at once. */
const TOGETHER = 250;
const STEPS = 8;
const SAVING = ["--appendonly", "yes", "--repl-diskless-sync-delay", "0"];

type Fault = () => unknown;

/** An address that leads to whichever server is the master now. */
async function startAddress(first: RedisServer) {
  let master = first;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(master.port, "127.0.0.1");
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on("error", () => {});
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const lead = (to: RedisServer) => {
    master = to;
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(() => {
    lead(master);
    server.close();
  });
  return { url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`, lead };
}

const replicated = async (replica: RedisServer) =>
  expect.poll(() => replica.ask("INFO", "replication"), { timeout: 20_000 }).toContain("master_link_status:up");

/** Goes through as many rounds as there are lives, each life with random publishes and broken lines between random faults. */
async function liveAll(
  client: () => Parameters<typeof redis>[0]["client"],
  faults: readonly Fault[],
  lag: () => Promise<(() => unknown) | undefined>,
) {
  const reasons = new Map<string, number>();
  for (let round = 0; round * TOGETHER < LIVES; round += 1) {
    const next = seeded(round + 1);
    const engine = () => redis({ client: client() });
    const world = new EngineLives([engine(), engine()], TOGETHER, next, `round${round}`);
    await world.ready();
    for (let step = 0; step < STEPS; step += 1) {
      const end = next() < 0.2 ? await lag() : undefined;
      const publishing = Promise.all(
        world.lives.map(async (life) => {
          for (let count = Math.floor(next() * 4); count > 0; count -= 1) await world.publish(life);
        }),
      );
      if (end) {
        await publishing; // acknowledged, and about to be lost
        await end();
      } else if (next() < 0.6) await world.any(faults)();
      if (next() < 0.5) world.cut(0.3);
      await publishing;
    }
    expect(await world.audit()).toEqual([]);
    for (const why of world.lives.flatMap((life) => life.reasons)) reasons.set(why, (reasons.get(why) ?? 0) + 1);
    await world.close();
  }
  return reasons;
}

const here = find("redis") !== undefined || process.env["CI"] !== undefined;
const timeout = 180_000;

test.skipIf(!here)(
  "no life on a Redis that is killed, flushed and failed over loses a message in silence",
  { timeout },
  async () => {
    const servers = [await startRedis(...SAVING), await startRedis(...SAVING)] as const;
    for (const server of servers) onTestFinished(server.stop);
    let [master, replica] = servers as readonly [RedisServer, RedisServer];
    const address = await startAddress(master);
    const follow = () => replica.ask("REPLICAOF", "127.0.0.1", String(master.port));
    await follow();
    await replicated(replica);
    const faults: Fault[] = [
      () => master.ask("CLIENT", "KILL", "TYPE", "pubsub"),
      () => master.ask("CLIENT", "KILL", "TYPE", "normal"),
      async () => {
        await master.kill();
        await master.start();
      },
      () => master.ask("FLUSHALL"),
      () => master.ask("SCRIPT", "FLUSH"),
    ];
    /** The replica goes on without what is published from now on; then it is the master. */
    const lag = async () => {
      await replicated(replica);
      await replica.ask("REPLICAOF", "NO", "ONE");
      return async () => {
        [master, replica] = [replica, master];
        address.lead(master);
        await follow();
      };
    };
    const reasons = await liveAll(() => createClient({ url: address.url }), faults, lag);
    expect([...reasons.keys()].filter((why) => !["restart", "epoch", "rollback", "trimmed"].includes(why))).toEqual([]);
  },
);

test.skipIf(!here)(
  "no life on a cluster whose slots move and whose nodes are killed loses a message in silence",
  { timeout },
  async () => {
    const nodes = await startRedisCluster("--appendonly", "yes");
    for (const node of nodes) onTestFinished(node.stop);
    const next = seeded(99);
    const any = () => nodes[Math.floor(next() * nodes.length)] as RedisServer;
    let moves = 0;
    const move = async () => {
      moves += await moveSlots(nodes, next);
    };
    const onAll = (...args: string[]) => Promise.all(nodes.map((node) => node.ask(...args)));
    const faults: Fault[] = [
      () => onAll("CLIENT", "KILL", "TYPE", "pubsub"),
      () => any().ask("CLIENT", "KILL", "TYPE", "normal"),
      async () => {
        const node = any();
        await node.kill();
        await node.start();
        await expect.poll(() => node.ask("CLUSTER", "INFO"), { timeout: 20_000 }).toContain("cluster_state:ok");
      },
      () => any().ask("FLUSHALL"),
      () => onAll("SCRIPT", "FLUSH"),
      move,
      move,
    ];
    const client = () => createCluster({ rootNodes: nodes.map(({ url }) => ({ url })) });
    await liveAll(client, faults, async () => undefined);
    expect(moves).toBeGreaterThan(0);
  },
);

/** Moves the slots of a few keys from one node to another, as resharding does. */
async function moveSlots(nodes: readonly RedisServer[], next: () => number): Promise<number> {
  const from = nodes[Math.floor(next() * nodes.length)] as RedisServer;
  const to = nodes.find((node) => node !== from) as RedisServer;
  const idOf = async (node: RedisServer) => (await node.ask("CLUSTER", "MYID")).split("\r\n").at(-1) as string;
  const [fromId, toId] = [await idOf(from), await idOf(to)];
  for (let moved = 0; moved < 3; moved += 1) {
    const key = (await from.ask("RANDOMKEY")).split("\r\n")[1];
    if (!key) return moved;
    const slot = await from.ask("CLUSTER", "KEYSLOT", key);
    await to.ask("CLUSTER", "SETSLOT", slot, "IMPORTING", fromId);
    await from.ask("CLUSTER", "SETSLOT", slot, "MIGRATING", toId);
    for (;;) {
      const keys = (await from.ask("CLUSTER", "GETKEYSINSLOT", slot, "100"))
        .split("\r\n")
        .filter((_, at) => at % 2 === 0 && at > 0);
      if (keys.length === 0) break;
      await from.ask("MIGRATE", "127.0.0.1", String(to.port), "", "0", "5000", "KEYS", ...keys);
    }
    for (const node of [to, from, ...nodes]) await node.ask("CLUSTER", "SETSLOT", slot, "NODE", toId);
  }
  return 3;
}

test("the check notices what is lost, repeated or reordered in silence", () => {
  const epochs = new Map([1, 2, 3].map((n) => [n, 7]));
  expect(faultOf({ seen: [1, 2, 3], epochs }, [1, 2, 3])).toBeUndefined();
  expect(faultOf({ seen: [1, "gap", 1, 2, 3], epochs }, [1, 2, 3])).toBeUndefined();
  expect(faultOf({ seen: [1, 3], epochs }, [1, 2, 3])).toMatch("2 was lost");
  expect(faultOf({ seen: [1, 3], epochs }, [3])).toMatch("2 was lost");
  expect(faultOf({ seen: [1, 1, 2, 3], epochs }, [1, 2, 3])).toMatch("1 came after 1");
  expect(faultOf({ seen: [2, 1, 3], epochs }, [1, 2, 3])).toMatch("1 came after 2");
  expect(faultOf({ seen: [1], epochs }, [1])).toMatch("2 is in no log");
});
