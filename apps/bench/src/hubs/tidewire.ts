import type { Server } from "node:http";
import { createHub } from "@tidewire/server";
import { toNodeHandler } from "@tidewire/server/node";
import type { Subject } from "./subject.ts";

const TOPIC = "t";
/** So large that saturation takes nothing out of the log before the last reader has it. */
const KEPT = { retainMessages: 100_000, retainBytes: 64 * 2 ** 20 };

/** A hub with its defaults, but for heartbeats and how much it keeps. */
export function serve(server: Server, heartbeatMs: number): Subject {
  let passed = 0;
  const hub = createHub({ heartbeatMs, now: () => Date.now() + passed });
  const topic = hub.topic(TOPIC, KEPT);
  const handler = toNodeHandler(hub);
  server.on("request", handler).on("upgrade", handler.handleUpgrade);
  return {
    publish: (message) => void topic.publish(message),
    async retain() {
      const { e, o } = await topic.publish({ n: 0 });
      return `${e}.${o}`;
    },
    stats() {
      const { lines, topics, sessions } = hub.stats();
      return { lines, topics, sessions };
    },
    pass(ms) {
      passed += ms;
    },
  };
}
