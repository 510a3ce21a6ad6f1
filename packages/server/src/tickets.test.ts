import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { dialWs, readSse, refusedUpgrade, serveHub } from "./adapters/node.fixture.ts";
import { createTickets } from "./tickets.ts";

describe("a ticket", () => {
  const serve = async () => {
    let now = 1_000_000;
    const tickets = createTickets({ now: () => now });
    const served = await serveHub({
      authenticate: (request) => tickets.redeem(request),
      authorize: (who, topic) => topic === who?.id,
      origins: ["https://page.example"],
    });
    return { ...served, tickets, later: (ms: number) => (now += ms) };
  };

  it("lets the browser's own EventSource and WebSocket in, once", async () => {
    const { http, ws, tickets } = await serve();
    const issue = () => tickets.issue({ id: "ann" }, http);
    const first = issue();
    expect((await readSse(`${http}/?topic=ann&ticket=${first}`)).response.status).toBe(200);
    expect((await fetch(`${http}/?topic=ann&ticket=${first}`)).status).toBe(401);
    const second = issue();
    await dialWs(`${ws}/?topic=ann&ticket=${second}`);
    expect(await refusedUpgrade(`${ws}/?topic=ann&ticket=${second}`)).toMatchObject({ status: 401 });
    expect((await fetch(`${http}/?topic=bob&ticket=${issue()}`)).status).toBe(403);
  });

  it("may ride as a second subprotocol", async () => {
    const { ws, http, tickets } = await serve();
    const peer = new WebSocket(ws, ["tidewire.v1", `ticket.${tickets.issue({ id: "ann" }, http)}`]);
    const welcome = new Promise<string>((resolve) => peer.once("message", (data) => resolve(String(data))));
    peer.once("open", () => peer.send(JSON.stringify({ k: "hello", v: 1, gen: 1, subs: [] })));
    expect(await welcome).toContain('"k":"welcome"');
    expect(peer.protocol).toBe("tidewire.v1");
    peer.terminate();
  });

  it("is no use to another page, after its time, or when made up", async () => {
    const { http, tickets, later } = await serve();
    const ask = async (ticket: string, origin?: string) =>
      (await fetch(`${http}/?topic=ann&ticket=${ticket}`, origin ? { headers: { origin } } : {})).status;
    const issue = () => tickets.issue({ id: "ann" }, "https://page.example");
    expect(await ask(issue(), "https://page.example")).toBe(200);
    expect(await ask(issue(), http)).toBe(401);
    expect(await ask(issue())).toBe(401);
    const stolen = issue();
    expect(await ask(stolen, http)).toBe(401);
    expect(await ask(stolen, "https://page.example"), "shown once by a thief, it is spent").toBe(401);
    const old = issue();
    later(30_000);
    expect(await ask(old, "https://page.example")).toBe(401);
    expect(await ask("x".repeat(64))).toBe(401);
  });

  it("is forgotten when there are too many", () => {
    const tickets = createTickets({ maxTickets: 2 });
    const [a, , c] = [1, 2, 3].map(() => tickets.issue({ id: "ann" }, "http://a.example")) as [string, string, string];
    const redeem = (ticket: string) =>
      tickets.redeem({
        url: new URL(`http://a.example/?ticket=${ticket}`),
        header: (name) => (name === "host" ? "a.example" : undefined),
      });
    expect(redeem(a)).toBeUndefined();
    expect(redeem(c)).toEqual({ id: "ann" });
  });

  it("lives half a minute at most, and belongs to an origin", () => {
    for (const ttlMs of [30_001, 0, Number.NaN]) {
      expect(() => createTickets({ ttlMs })).toThrow(expect.objectContaining({ code: "option-invalid" }));
    }
    expect(() => createTickets().issue({ id: "ann" }, "nowhere")).toThrow(/origin/);
  });
});
