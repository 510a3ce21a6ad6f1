export type { IoredisClient } from "./clients/ioredis.ts";
export type { NodeRedisClient } from "./clients/node-redis.ts";
export type { NodeRedisCluster } from "./clients/node-redis-cluster.ts";
export { type RedisOptions, redis } from "./redis.ts";
