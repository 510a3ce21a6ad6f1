import type { Page, PageEvent } from "@tidewire/core";
import { describe, expect, it } from "vitest";
import { through } from "./line-faults.ts";
import { events, status, webSocket } from "./replies.ts";

/** A page whose events a test makes. */
function scriptedPage() {
  const listeners = new Set<(event: PageEvent) => void>();
  const state = { isVisible: true, isOnline: true };
  const page: Page = {
    isVisible: () => state.isVisible,
    isOnline: () => state.isOnline,
    listen(onEvent) {
      listeners.add(onEvent);
      return () => void listeners.delete(onEvent);
    },
  };
  const tell = (event: PageEvent): void => {
    for (const listener of [...listeners]) listener(event);
  };
  return { page, state, tell, listeners };
}

describe("a page", () => {
  it("that goes offline pauses the wait, and coming back dials at once", async () => {
    const { page, state, tell } = scriptedPage();
    const { server, proxy, handle } = await through(() => events("data: 1\n\n"), "sse", { page, skipsWaits: false });
    await handle.receive(1);
    state.isOnline = false;
    tell("offline");
    proxy.reset();
    await handle.until("paused");
    expect(handle.stream.status).toMatchObject({ status: "paused", why: "offline" });
    handle.clock.advance(3_600_000);
    expect(server.requests).toHaveLength(1);
    state.isOnline = true;
    tell("online");
    await handle.receive(2);
    expect(handle.words).toEqual(["connecting", "open", "paused", "connecting", "open"]);
  });

  it("that goes offline while it waits does not dial, and coming back dials at once", async () => {
    const { page, state, tell } = scriptedPage();
    const { proxy, handle } = await through(() => events("data: 1\n\n"), "sse", { page, skipsWaits: false });
    await handle.receive(1);
    proxy.reset();
    await handle.until("waiting");
    state.isOnline = false;
    tell("offline");
    expect(handle.words.at(-1)).toBe("paused");
    state.isOnline = true;
    tell("online");
    await handle.receive(2);
    expect(handle.words).toEqual(["connecting", "open", "waiting", "paused", "connecting", "open"]);
  });

  it("that is put aside hangs up, and taken out again dials at once", async () => {
    const { page, tell } = scriptedPage();
    const { server, handle } = await through(() => events("data: 1\n\n"), "sse", { page });
    await handle.receive(1);
    tell("frozen");
    expect(handle.stream.status).toMatchObject({ status: "paused", why: "frozen" });
    await (await server.exchange(0)).gone;
    expect(handle.clock.pending).toBe(0);
    tell("thawed");
    await handle.receive(2);
    expect(server.requests).toHaveLength(2);
  });

  it("that is taken out offline dials once it is online", async () => {
    const { page, state, tell } = scriptedPage();
    const { handle } = await through(() => events("data: 1\n\n"), "sse", { page });
    await handle.receive(1);
    tell("frozen");
    state.isOnline = false;
    tell("thawed");
    expect(handle.stream.status).toMatchObject({ status: "paused", why: "offline" });
    state.isOnline = true;
    tell("online");
    await handle.receive(2);
  });

  it("that becomes visible ends a wait", async () => {
    const { page, state, tell } = scriptedPage();
    const { proxy, handle } = await through(() => events("data: 1\n\n"), "sse", { page, skipsWaits: false });
    await handle.receive(1);
    state.isVisible = false;
    tell("hidden");
    proxy.reset();
    await handle.until("waiting");
    state.isVisible = true;
    tell("visible");
    await handle.receive(2);
  });

  it("that becomes visible after a long silence replaces a dead line without waiting for its close", async () => {
    const { page, tell } = scriptedPage();
    const behaviour = { page, ping: () => "ping", pingMs: 3_600_000, pongMs: 5_000 };
    const { proxy, server, handle } = await through(() => webSocket((peer) => peer.send("1")), "websocket", behaviour);
    await handle.receive(1);
    proxy.stall();
    handle.clock.advance(60_000);
    tell("visible");
    handle.clock.advance(5_000);
    await handle.until("connecting");
    proxy.flow();
    await handle.receive(2);
    expect(handle.statuses[2]?.error?.code).toBe("silent");
    expect(server.requests).toHaveLength(2);
  });

  it("that becomes visible does not shorten a wait that the server asked for", async () => {
    const { page, tell } = scriptedPage();
    const script = [status(429, { "retry-after": "60" }), events("data: 1\n\n")];
    const { server, handle } = await through(script, "sse", { page, skipsWaits: false });
    await handle.until("waiting");
    tell("visible");
    await server.roundTrip();
    expect(handle.words).toEqual(["connecting", "waiting"]);
    expect(handle.waits[0]).toBeGreaterThanOrEqual(60_000);
    handle.clock.advance(handle.waits[0] ?? 0);
    await handle.receive(1);
    expect(server.requests).toHaveLength(2);
  });

  it("that is hidden waits longer", async () => {
    const { page, state } = scriptedPage();
    const { proxy, handle } = await through(() => events("data: 1\n\n"), "sse", {
      page,
      random: () => 0.999,
      retryCapMs: 100,
      retryHiddenCapMs: 5000,
      skipsWaits: false,
    });
    await handle.receive(1);
    state.isVisible = false;
    proxy.reset();
    await handle.until("waiting");
    expect(handle.waits[0]).toBeGreaterThan(100);
  });

  it("is not listened to any more once the last reader has left", async () => {
    const { page, listeners } = scriptedPage();
    const { handle } = await through(() => events("data: 1\n\n"), "sse", { page });
    await handle.receive(1);
    expect(listeners.size).toBe(1);
    handle[Symbol.dispose]();
    expect(listeners.size).toBe(0);
  });
});
