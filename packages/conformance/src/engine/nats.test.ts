import { connect } from "@nats-io/transport-node";
import { nats } from "@tidewire/nats";
import type { Engine } from "@tidewire/server";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { type NatsServer, startNats } from "../../../../.ci/nats.ts";
import { find } from "../../../../.ci/tools.mjs";
import { runEngineSuite } from "./suite.ts";

describe.skipIf(find("nats") === undefined && !process.env["CI"])(
  "on a real NATS (skipped where there is none)",
  () => {
    let server: NatsServer;
    let names = 0;
    beforeAll(async () => {
      server = await startNats();
    });
    afterAll(() => server.stop());

    const start = (): Engine => {
      names += 1;
      return nats({ name: `suite-${names}`, connect: () => connect({ servers: server.url }) });
    };
    runEngineSuite({ name: "NATS JetStream", start });

    /** Copies the server's folder behind each append: what is put in its place later is what was there then. */
    let appended = 0;
    let inner: Engine;
    runEngineSuite({
      name: "NATS JetStream that is restored from a copy",
      start() {
        appended = 0;
        const engine = start();
        inner = engine;
        return {
          async append(...given) {
            const cursor = await engine.append(...given);
            appended += 1;
            if (appended === 1) server.save();
            return cursor;
          },
          read: (...given) => engine.read(...given),
          tops: (topics) => engine.tops(topics),
          feed: (events) => engine.feed(events),
          lineage: () => engine.lineage(),
          forget: (topic) => engine.forget(topic),
          close: () => engine.close(),
        };
      },
      async rollBack() {
        await server.kill();
        server.restore();
        await server.start();
        await expect.poll(async () => inner.lineage()).toBeTypeOf("string");
      },
    });
  },
);
