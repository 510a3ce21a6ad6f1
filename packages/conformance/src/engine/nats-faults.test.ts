import { connect, type NatsConnection } from "@nats-io/transport-node";
import { nats } from "@tidewire/nats";
import type { Engine, Entry, Retention } from "@tidewire/server";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type NatsServer, startNats } from "../../../../.ci/nats.ts";
import { find } from "../../../../.ci/tools.mjs";

const KEEP: Retention = { retainMessages: 1000, retainBytes: 1e6, retainMs: Number.POSITIVE_INFINITY };

describe.skipIf(find("nats") === undefined && !process.env["CI"])("NATS with something wrong", () => {
  let server: NatsServer;
  let names = 0;
  beforeAll(async () => {
    server = await startNats("--user", "me", "--pass", "hunter2");
  });
  afterAll(() => server.stop());

  const dial = () => connect({ servers: server.url, user: "me", pass: "hunter2" });
  const start = (options: Partial<Parameters<typeof nats>[0]> = {}): Engine => {
    names += 1;
    const engine = nats({ name: `faults-${names}`, connect: dial, ...options });
    onTestFinished(() => engine.close());
    return engine;
  };
  /** What a feed on topic "a" is told. */
  const listen = (engine: Engine) => {
    const told: (Entry | "up" | "down")[] = [];
    const feed = engine.feed({ entry: (_topic, entry) => told.push(entry), state: (state) => told.push(state) });
    feed.want("a");
    return told;
  };

  test("while it is away appends reject at once, and what was kept is there when it is back", async () => {
    const engine = start();
    const told = listen(engine);
    const first = await engine.append("a", "1", KEEP);
    await server.kill();
    await expect.poll(() => told.includes("down")).toBe(true);
    const since = performance.now();
    await expect(engine.append("a", "2", KEEP)).rejects.toMatchObject({ code: "network" });
    await expect(engine.read("a", undefined, 10)).rejects.toMatchObject({ code: "network" });
    expect(performance.now() - since).toBeLessThan(1000);
    await server.start();
    await expect.poll(() => told.at(-1)).toBe("up");
    const next = await engine.append("a", "3", KEEP);
    expect(next.e).toBe(first.e);
    const { entries } = await engine.read("a", first, 10);
    expect(entries).toMatchObject([{ payload: "3", p: first.o }]);
  });

  test("a subscriber that hears nothing is found within 10 s", async () => {
    let isDeaf = false;
    const engine = start({
      connect: async () => {
        const nc = await dial();
        const { subscribe } = nc;
        const deaf: NatsConnection["subscribe"] = (subject, { callback, ...rest } = {}) =>
          subscribe.call(nc, subject, {
            ...rest,
            ...(callback ? { callback: (...given) => (isDeaf ? undefined : callback(...given)) } : {}),
          });
        return Object.assign(nc, { subscribe: deaf });
      },
    });
    const told = listen(engine);
    await engine.append("a", "1", KEEP);
    isDeaf = true;
    await expect.poll(() => told.includes("down"), { timeout: 10_000 }).toBe(true);
    isDeaf = false;
    await expect.poll(() => told.at(-1)).toBe("up");
    await engine.append("a", "2", KEEP);
    await expect.poll(() => told.at(-1)).toMatchObject({ payload: "2" });
  });

  test("a stream that is full refuses, says so, and keeps what it has", async () => {
    const engine = start({ maxBytes: 20_000 });
    const large = JSON.stringify("x".repeat(5000));
    const fill = async () => {
      for (;;) await engine.append("a", large, KEEP);
    };
    await expect(fill()).rejects.toMatchObject({ code: "refused", message: expect.stringMatching(/full.*maxBytes/) });
    const { entries } = await engine.read("a", undefined, 10);
    expect(entries).toHaveLength(3);
  });

  test("what somebody else published under a topic is not told to anybody", async () => {
    const engine = start();
    const told = listen(engine);
    await engine.append("a", "1", KEEP);
    const nc = await dial();
    nc.publish(`faults-${names}.log.a`, "not JSON");
    await nc.flush();
    await nc.close();
    await engine.append("a", "2", KEEP);
    await expect.poll(() => told.at(-1)).toMatchObject({ payload: "2" });
    const page = await engine.read("a", undefined, 10);
    expect(page.entries.map(({ payload }) => payload)).toEqual(["1", "2"]);
  });

  test("a topic is held to its bytes, and goes on where it was", async () => {
    const engine = start();
    const keep = { ...KEEP, retainBytes: 10_000 };
    const payload = JSON.stringify("x".repeat(998));
    let last = await engine.append("a", payload, keep);
    for (let count = 1; count < 40; count += 1) last = await engine.append("a", payload, keep);
    await expect.poll(async () => (await engine.read("a", undefined, 100)).entries.length).toBeLessThan(14);
    const page = await engine.read("a", undefined, 100);
    expect(page.entries.length).toBeGreaterThanOrEqual(9);
    expect(page).toMatchObject({ top: last.o, min: page.entries[0]?.p });
  });

  test("a refused user is told as such, without the password", async () => {
    const engine = start({ connect: () => connect({ servers: server.url, user: "me", pass: "wrong-secret" }) });
    const error = await Promise.resolve(engine.lineage()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "refused", message: expect.stringMatching(/user or the password/) });
    expect(String(error)).not.toContain("secret");
  });
});
