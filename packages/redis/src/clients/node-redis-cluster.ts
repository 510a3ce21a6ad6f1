import type { Connections } from "./connections.ts";
import { NO_TIMER, type NodeRedisClient, type OpenedClient, subscribeLike } from "./node-redis.ts";

/** As much of a cluster of the package `redis` as the engine uses. */
export interface NodeRedisCluster {
  readonly masters: readonly unknown[];
  duplicate(overrides: never): unknown;
  nodeClient(node: never): unknown;
}

interface OpenedCluster extends Pick<OpenedClient, "on" | "connect" | "destroy"> {
  readonly masters: readonly unknown[];
  readonly _options?: { readonly defaults?: { readonly socket?: object } };
  nodeClient(node: unknown): Promise<OpenedClient & NodeRedisClient>;
  sendCommand(key: string | undefined, isReadonly: boolean, args: readonly string[], options: object): Promise<unknown>;
}

/** How long a node's connection waits before it dials again, in milliseconds: the cluster's client asks for the slots anew meanwhile. */
const redialMs = (retries: number): number => Math.min(50 * 2 ** retries, 1000);

/**
 * Connections by the official client to a cluster: one to each master, and one for what was appended. Messages are published to
 * the whole cluster, so that a subscriber hears them wherever it is, and wherever a slot goes.
 */
export function nodeRedisCluster(cluster: NodeRedisCluster): Connections {
  let open: OpenedCluster | undefined;
  let turn = 0;
  return {
    async commands() {
      const given = (cluster as unknown as OpenedCluster)._options?.defaults;
      const defaults = {
        ...given,
        socket: { ...given?.socket, reconnectStrategy: redialMs },
        disableOfflineQueue: true,
      };
      const opened = cluster.duplicate({ defaults } as never) as OpenedCluster;
      for (const event of ["error", "node-error"]) opened.on(event, () => {}); // The commands say it.
      try {
        await opened.connect();
      } catch (error) {
        opened.destroy();
        throw error;
      }
      open = opened;
      return {
        send: (key, args) => opened.sendCommand(key, false, args, NO_TIMER),
        sendToAll: (args) =>
          Promise.all(opened.masters.map(async (node) => (await opened.nodeClient(node)).sendCommand(args, NO_TIMER))),
        close() {
          if (open === opened) open = undefined;
          opened.destroy();
        },
      };
    },
    async subscriber(message, ended) {
      if (!open || open.masters.length === 0) throw new Error("no node of the cluster is known yet");
      turn += 1; // The next time at another one: this one may be the one that fell silent.
      const node = await open.nodeClient(open.masters[turn % open.masters.length]);
      return subscribeLike(node, message, ended);
    },
  };
}
