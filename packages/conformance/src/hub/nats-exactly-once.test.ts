import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { nats } from "@tidewire/nats";
import { expect, onTestFinished, test } from "vitest";
import { startNats } from "../../../../.ci/nats.ts";
import { find } from "../../../../.ci/tools.mjs";
import { EngineLives } from "./engine-lives.ts";
import { seeded } from "./ledger.ts";

/** Lives in all. */
const LIVES = Number(process.env["LIVES"] ?? 2000);
/** Lives that go through the same faults at once. */
const TOGETHER = 100;
const STEPS = 6;

test.skipIf(find("nats") === undefined && !process.env["CI"])(
  "no life on a NATS that is killed, purged, restored from a copy, or whose streams are deleted loses a message in silence",
  { timeout: 240_000 },
  async () => {
    const server = await startNats();
    onTestFinished(server.stop);
    const ask = () => connect({ servers: server.url });
    const restart = async () => {
      await server.kill();
      await server.start();
    };
    const reasons = new Set<string>();
    for (let round = 0; round * TOGETHER < LIVES; round += 1) {
      const next = seeded(round + 1);
      const name = `round${round}`;
      const manage = async (run: (jsm: Awaited<ReturnType<typeof jetstreamManager>>) => Promise<unknown>) => {
        const nc = await ask();
        await run(await jetstreamManager(nc));
        await nc.close();
      };
      let isSaved = false;
      const faults = [
        restart,
        () => manage((jsm) => jsm.streams.purge(`${name}-log`)),
        () => manage((jsm) => jsm.streams.delete(`${name}-log`)),
        async () => {
          await server.kill();
          if (isSaved) server.restore();
          isSaved = false;
          await server.start();
        },
        async () => {
          server.save();
          isSaved = true;
        },
      ];
      const engine = () => nats({ name, connect: ask });
      const world = new EngineLives([engine(), engine()], TOGETHER, next, name);
      await world.ready();
      for (let step = 0; step < STEPS; step += 1) {
        const publishing = Promise.all(
          world.lives.map(async (life) => {
            for (let count = Math.floor(next() * 4); count > 0; count -= 1) await world.publish(life);
          }),
        );
        if (next() < 0.6) await world.any(faults)();
        if (next() < 0.5) world.cut(0.3);
        await publishing;
      }
      expect(await world.audit()).toEqual([]);
      for (const why of world.lives.flatMap((life) => life.reasons)) reasons.add(why);
      await world.close();
    }
    expect([...reasons].filter((why) => !["restart", "epoch", "rollback", "trimmed"].includes(why))).toEqual([]);
  },
);
