import type { Engine } from "@tidewire/server";
import { optionInvalid, type TidewireError } from "@tidewire/wire";
import type { Connections } from "./clients/connections.ts";
import { type IoredisClient, ioredis } from "./clients/ioredis.ts";
import { type NodeRedisClient, nodeRedis } from "./clients/node-redis.ts";
import { type NodeRedisCluster, nodeRedisCluster } from "./clients/node-redis-cluster.ts";
import { RedisEngine } from "./engine.ts";

/** Options of {@link redis}. */
export interface RedisOptions {
  /**
   * A client or a cluster of the package `redis`, or an instance of `ioredis`. The engine opens connections like it, and leaves
   * it alone: it need not be connected, and may be used for anything else.
   */
  readonly client: NodeRedisClient | NodeRedisCluster | IoredisClient;
  /** What keys and channels begin with. Hubs with one name share their topics. Default "tidewire". */
  readonly name?: string | undefined;
  /**
   * How long an idempotency key is remembered, in milliseconds. It should be longer than any client goes on trying. Default 10 minutes.
   */
  readonly idempotencyMs?: number | undefined;
  /**
   * How long it is remembered where a topic's history stood, after the last message where `retainMs` is finite, and after the
   * last reader of a topic that was never published. At least, and by default, 7 days; longer than `retainMs` in any case.
   */
  readonly metaMs?: number | undefined;
  /** Told why a connection failed, as often as it is dialled again. Default: nothing is said, the hub says what it could not do. */
  readonly onError?: ((error: TidewireError) => void) | undefined;
}

const DAY_MS = 86_400_000;

function atLeast(least: number, name: string, value: number): number {
  if (Number.isFinite(value) && value >= least) return Math.ceil(value);
  throw optionInvalid(`${name} is a number of milliseconds, at least ${least}, got ${value}.`);
}

/** The clients that fit, each by what it alone has. */
function connectionsOf(client: RedisOptions["client"] | undefined): Connections {
  if (client && "masters" in client) return nodeRedisCluster(client);
  if (client && "sendCommand" in client && "isReady" in client) return nodeRedis(client as NodeRedisClient);
  if (client && "call" in client && "status" in client && !("nodes" in client)) return ioredis(client as IoredisClient);
  throw optionInvalid(
    "redis({ client }) takes what createClient() or createCluster() of the package redis give, or an instance of ioredis; for a cluster use the package redis.",
  );
}

/**
 * An engine on Redis 7, Valkey 7.2 or a Redis Cluster: hubs that are given the same server and name share their topics. It
 * connects at once and for ever; while Redis is away, appends and reads reject with a {@link TidewireError} of code `network`.
 */
export function redis(options: RedisOptions): Engine {
  const { client, name = "tidewire", idempotencyMs = 600_000, metaMs = 7 * DAY_MS, onError } = options;
  if (typeof name !== "string" || !/^[\w.:-]{1,100}$/.test(name)) {
    throw optionInvalid("name has 1 to 100 letters, digits and . : _ -");
  }
  return new RedisEngine(connectionsOf(client), {
    name,
    idempotencyMs: atLeast(1000, "idempotencyMs", idempotencyMs),
    metaMs: atLeast(60_000, "metaMs", metaMs),
    onError: onError ?? (() => {}),
  });
}
