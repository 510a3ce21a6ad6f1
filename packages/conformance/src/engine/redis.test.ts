import { redis } from "@tidewire/redis";
import Redis from "ioredis";
import { createClient, createCluster } from "redis";
import { afterAll, beforeAll, describe } from "vitest";
import { type RedisServer, startRedis, startRedisCluster } from "../../../../.ci/redis.ts";
import { find } from "../../../../.ci/tools.mjs";
import { runEngineSuite } from "./suite.ts";

describe.skipIf(find("redis") === undefined && !process.env["CI"])(
  "on a real Redis (skipped where there is none)",
  () => {
    let server: RedisServer;
    let nodes: readonly RedisServer[];
    beforeAll(async () => {
      server = await startRedis("--enable-debug-command", "local");
      nodes = await startRedisCluster();
    });
    afterAll(() => Promise.all([server, ...nodes].map((one) => one.stop())));

    runEngineSuite({
      name: "Redis by the client redis",
      async start() {
        await server.ask("FLUSHALL");
        return redis({ client: createClient({ url: server.url }) });
      },
      /** A replica that lags is promoted: it has less, and another replication id. */
      async rollBack(kept) {
        await server.ask("XTRIM", "tidewire:{a}:log", "MAXLEN", "1000");
        const last = kept + 1;
        for (let o = last; o < last + 10; o += 1) await server.ask("XDEL", "tidewire:{a}:log", `${o}-0`);
        await server.ask("XSETID", "tidewire:{a}:log", `${kept}-0`);
        await server.ask("HSET", "tidewire:{a}:meta", "s", String(kept));
        await server.ask("DEBUG", "CHANGE-REPL-ID");
      },
    });

    runEngineSuite({
      name: "Redis by ioredis",
      async start() {
        await server.ask("FLUSHALL");
        const client = new Redis(server.port, { lazyConnect: true });
        return redis({ client });
      },
    });

    runEngineSuite({
      name: "Redis Cluster",
      async start() {
        for (const node of nodes) await node.ask("FLUSHALL");
        return redis({ client: createCluster({ rootNodes: nodes.map(({ url }) => ({ url })) }) });
      },
    });
  },
);
