import { describe, expect, it } from "vitest";
import { dialWs, readSse, refusedUpgrade, serveHub } from "../adapters/node.fixture.ts";
import { dialTidewire } from "./peer.fixture.ts";

const kind = (k: string) => (frame: { k?: string }) => frame.k === k;

describe("revoking a principal", () => {
  const users = async () => {
    const banned = new Set<string>();
    const served = await serveHub({
      authenticate: ({ token, header }) => {
        const id = token ?? header("x-user");
        return id === undefined || banned.has(id) ? undefined : { id };
      },
    });
    return { ...served, banned };
  };

  it("ends every line of theirs within a second, and no other", async () => {
    const { hub, ws, http, banned } = await users();
    const framed = await dialTidewire(ws);
    const other = await dialTidewire(ws);
    framed.hello({ token: "ann", subs: [{ t: "a" }] });
    other.hello({ token: "bob", subs: [{ t: "a" }] });
    for (const line of [framed, other]) await line.find(kind("live"));
    const plain = await dialWs(`${ws}/?topic=a`, { "x-user": "ann" });
    const stream = await readSse(`${http}/?topic=a`, { "x-user": "ann" });
    banned.add("ann");
    const start = performance.now();
    expect(hub.revoke("ann")).toBe(3);
    expect((await framed.closed).code).toBe(4401);
    expect((await plain.closed).code).toBe(4401);
    await stream.end();
    expect(performance.now() - start).toBeLessThan(1000);
    await hub.publish("a", 1);
    expect(await other.data(1)).toEqual([1]);
    expect((await fetch(`${http}/?topic=a`, { headers: { "x-user": "ann" } })).status).toBe(401);
    expect(await refusedUpgrade(`${ws}/?topic=a`, { "x-user": "ann" })).toMatchObject({ status: 401 });
  });

  it("also refuses who was about to be let in", async () => {
    let letIn: (() => void) | undefined;
    const { hub, http, ws } = await serveHub({
      authenticate: async () => {
        await new Promise<void>((resolve) => {
          letIn = resolve;
        });
        return { id: "ann" };
      },
    });
    const asking = fetch(`${http}/?topic=a`);
    await expect.poll(() => letIn).toBeDefined();
    expect(hub.revoke("ann")).toBe(0);
    letIn?.();
    expect((await asking).status).toBe(401);
    letIn = undefined;
    const line = await dialTidewire(ws);
    line.hello();
    await expect.poll(() => letIn).toBeDefined();
    hub.revoke("ann");
    (letIn as unknown as () => void)();
    expect((await line.closed).code).toBe(4401);
  });
});
