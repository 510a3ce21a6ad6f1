import { createClient, type overSse, type overWebSocket } from "@tidewire/core";
import { createHub, type Engine, type Hub, memory } from "@tidewire/server";
import { toNodeHandler } from "@tidewire/server/node";
import type { LedgerSubject } from "./subject.ts";

/** A hub whose engine outlives its restarts. */
export function tidewire(transport: typeof overSse | typeof overWebSocket): LedgerSubject {
  const engine: Engine = { ...memory(), close() {} };
  let hub: Hub;
  return {
    start(server) {
      hub = createHub({ engine });
      const handler = toNodeHandler(hub);
      server.on("request", handler).on("upgrade", handler.handleUpgrade);
    },
    stop: () => hub.close(),
    publish: (topic, n) => void hub.publish(topic, n),
    open(url, topics, told) {
      const client = createClient({ url, transport, onError() {} });
      let isOpen = false;
      client.status$.subscribe(({ status }) => {
        if (status === "open") told.open();
        else if (isOpen && status !== "catching-up") told.lost();
        isOpen = status === "open";
      });
      for (const name of topics) {
        const topic = client.topic<number>(name, { from: "earliest" });
        topic.gaps$.subscribe(() => told.gap());
        topic.subscribe((n) => told.message(name, n));
      }
      return () => client.close();
    },
  };
}
