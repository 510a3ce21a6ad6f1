import type { Engine } from "@tidewire/server";
import { connectEngine } from "./connect-engine.ts";

/** Where a hub's log is: behind the port of `serveEngine`, on a Redis, or in a file. */
export type EngineAt = { readonly port: number } | { readonly redis: string } | { readonly sqlite: string };

/** Opens it, as a hub in a process of its own does. What it needs is loaded only then. */
export async function openEngine(at: EngineAt): Promise<Engine> {
  if ("port" in at) return connectEngine(at.port);
  if ("sqlite" in at) return (await import("@tidewire/sqlite")).sqlite(at.sqlite);
  const [{ redis }, { createClient }] = await Promise.all([import("@tidewire/redis"), import("redis")]);
  return redis({ client: createClient({ url: at.redis }) });
}
