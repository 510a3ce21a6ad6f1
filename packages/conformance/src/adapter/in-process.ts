import { createHub, type Hub } from "@tidewire/server";
import type { AdapterDriver, ServedHub, ServedOptions, Serving } from "./driver.ts";

/** The hub of one serving. */
export function hubOf({ letsNobodyIn = false, credentialsEndAt: expiresAt, ...options }: ServedOptions): Hub {
  if (letsNobodyIn) return createHub({ ...options, authenticate: () => undefined });
  if (expiresAt === undefined) return createHub(options);
  return createHub({ ...options, authenticate: () => ({ id: "ann", expiresAt }) });
}

/** What the suite asks, of a hub of this process. */
export function served(hub: Hub): ServedHub {
  return {
    publish: (topic, data) => hub.publish(topic, data),
    async onMessage(topic, handler) {
      hub.topic(topic).onMessage(handler);
    },
    lines: async () => hub.stats().lines,
    close: () => hub.close(),
  };
}

/** A driver that serves hubs in the process of the tests. */
export function inProcess(
  name: string,
  serve: (hub: Hub, origins: readonly string[]) => Promise<Serving>,
): AdapterDriver {
  return {
    name,
    async start(options, origins) {
      const hub = hubOf(options);
      return { ...(await serve(hub, origins)), hub: served(hub) };
    },
  };
}
