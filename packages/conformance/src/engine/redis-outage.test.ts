import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { redis } from "@tidewire/redis";
import type { Engine, Retention } from "@tidewire/server";
import { createClient } from "redis";
import { describe, expect, onTestFinished, test } from "vitest";
import { startRedis } from "../../../../.ci/redis.ts";
import { find } from "../../../../.ci/tools.mjs";

const KEEP: Retention = { retainMessages: 1000, retainBytes: 1e6, retainMs: Number.POSITIVE_INFINITY };

async function start(...options: string[]) {
  const server = await startRedis(...options);
  onTestFinished(server.stop);
  return server;
}

function open(url: string): { engine: Engine; states: string[]; told: string[]; errors: string[] } {
  const [states, told, errors]: string[][] = [[], [], []] as unknown as [string[], string[], string[]];
  const engine = redis({
    client: createClient({ url }),
    onError: ({ code, message }) => (errors as string[]).push(`${code} ${message}`),
  });
  onTestFinished(() => engine.close());
  engine
    .feed({
      entry: (_topic, { payload }) => void (told as string[]).push(payload),
      state: (state) => void (states as string[]).push(state),
    })
    .want("a");
  return { engine, states: states as string[], told: told as string[], errors: errors as string[] };
}

describe.skipIf(find("redis") === undefined && !process.env["CI"])("a Redis that fails", () => {
  test("that is away is said at once, and what was wanted is told again when it is back", async () => {
    const server = await start("--appendonly", "yes");
    const { engine, states, told } = open(server.url);
    await engine.tops(["a"]);
    await engine.append("a", "1", KEEP);
    await expect.poll(() => told).toEqual(["1"]);
    await server.kill();
    await expect.poll(() => states.at(-1)).toBe("down");
    await expect(engine.append("a", "2", KEEP)).rejects.toMatchObject({ code: "network" });
    await server.start();
    await expect.poll(() => states.at(-1), { timeout: 10_000 }).toBe("up");
    await engine.append("a", "3", KEEP);
    await expect.poll(() => told).toEqual(["1", "3"]);
  });

  test("that is full is said by its name, and what it has can still be read", async () => {
    const server = await start("--maxmemory-policy", "noeviction");
    const { engine } = open(server.url);
    await engine.append("a", "1", KEEP);
    await server.ask("CONFIG", "SET", "maxmemory", "1");
    await expect(engine.append("a", "2", KEEP)).rejects.toMatchObject({ code: "network", detail: { reason: "OOM" } });
    expect((await engine.read("a", undefined, 10)).entries.map(({ payload }) => payload)).toEqual(["1"]);
  });

  test("that was flushed gives a topic no epoch again, also to a hub that never heard of the old one", async () => {
    const server = await start();
    const [one, other] = [open(server.url).engine, open(server.url).engine];
    // Each topic that begins raises what the next one's epoch has to exceed.
    let before = 0;
    for (let n = 0; n < 500; n += 1) before = (await one.tops([`t${n}`])).get(`t${n}`)?.e as number;
    await server.ask("FLUSHALL");
    expect((await other.tops(["t499"])).get("t499")?.e).toBeGreaterThan(before);
  });

  test("whose password is wrong says so, without it", async () => {
    const server = await start("--requirepass", "right");
    const { engine, errors } = open(server.url.replace("//", "//:wrong-one@"));
    await expect(engine.tops(["a"])).rejects.toThrow(/refuses the user or the password/);
    expect(errors.join()).not.toContain("wrong-one");
  });

  test("that answers and tells nothing is found within ten seconds", { timeout: 30_000 }, async () => {
    const server = await start();
    let isDeaf = false;
    const proxy = createServer((near: Socket) => {
      const far = connect(server.port, "127.0.0.1");
      let subscribes = false;
      near.on("data", (bytes) => {
        subscribes ||= /subscribe/i.test(String(bytes));
        far.write(bytes);
      });
      far.on("data", (bytes) => {
        if (!(isDeaf && subscribes)) near.write(bytes);
      });
      near.on("error", () => {}).on("close", () => far.destroy());
      far.on("error", () => {}).on("close", () => near.destroy());
    }).listen(0, "127.0.0.1");
    await once(proxy, "listening");
    onTestFinished(() => void proxy.close());
    const { engine, told, errors, states } = open(`redis://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
    await engine.tops(["a"]);
    await engine.append("a", "1", KEEP);
    await expect.poll(() => told).toEqual(["1"]);
    isDeaf = true;
    const since = performance.now();
    await engine.append("a", "2", KEEP);
    await expect.poll(() => errors.join(), { timeout: 15_000 }).toContain("silent");
    expect(performance.now() - since).toBeLessThan(10_000);
    isDeaf = false;
    await expect.poll(() => states.at(-1), { timeout: 10_000 }).toBe("up");
    await engine.append("a", "3", KEEP);
    await expect.poll(() => told).toEqual(["1", "3"]);
  });
});
