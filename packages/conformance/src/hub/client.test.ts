import { type Gap, isRefusal, overPoll, overSse, overWebSocket } from "@tidewire/core";
import { refusal } from "@tidewire/server";
import { describe, expect, test, vi } from "vitest";
import { createManualClock } from "../transport/manual-clock.ts";
import { startHub } from "./hub.fixture.ts";

const carriers = [
  ["WebSocket", overWebSocket],
  ["SSE", overSse],
  ["long polls", overPoll],
] as const;

describe.each(carriers)("over %s", (_name, transport) => {
  test("a topic gives its messages as any stream does", async () => {
    const { hub, connect } = await startHub();
    const topic = connect({ transport }).topic<number>("a");
    const got: number[] = [];
    const words: string[] = [];
    topic.status$.subscribe(({ status }) => words.push(status));
    topic.subscribe((n) => got.push(n));
    await expect.poll(() => topic.status.status).toBe("open");
    for (const n of [1, 2, 3]) await hub.publish("a", n);
    await expect.poll(() => got).toEqual([1, 2, 3]);
    expect(words).toEqual(["idle", "connecting", "catching-up", "open"]);
  });

  test("many topics share one line, and topics that come later join it", async () => {
    const { hub, connect } = await startHub();
    const client = connect({ transport });
    const got: string[] = [];
    const read = (name: string) => client.topic<string>(name).subscribe((data) => got.push(`${name}:${data}`));
    read("a");
    read("b");
    await expect.poll(() => client.status.status).toBe("open");
    expect(hub.core.lines.size).toBe(1);
    await hub.publish("a", "1");
    read("c");
    await expect.poll(() => client.topic("c").status.status).toBe("open");
    await hub.publish("b", "2");
    await hub.publish("c", "3");
    await hub.publish("a", "4");
    // Each topic keeps its order; between topics there is none.
    await expect.poll(() => got.toSorted()).toEqual(["a:1", "a:4", "b:2", "c:3"]);
    expect(got.filter((each) => each.startsWith("a"))).toEqual(["a:1", "a:4"]);
    await expect.poll(() => hub.core.lines.size).toBe(1);
  });

  test("history comes before what is new, and the status says which is which", async () => {
    const { hub, connect } = await startHub();
    for (const n of [1, 2, 3]) await hub.publish("a", n);
    const got: number[] = [];
    connect({ transport })
      .topic<number>("a", { from: 2 })
      .subscribe((n) => got.push(n));
    await expect.poll(() => got).toEqual([2, 3]);
  });

  test("a cut line is resumed without loss, repetition or another order", async () => {
    const { hub, proxy, connect } = await startHub();
    const topic = connect({ transport }).topic<number>("a");
    const got: number[] = [];
    topic.subscribe((n) => got.push(n));
    await expect.poll(() => topic.status.status).toBe("open");
    await hub.publish("a", 1);
    await expect.poll(() => got).toEqual([1]);
    proxy.reset();
    for (const n of [2, 3, 4]) await hub.publish("a", n);
    await expect.poll(() => got).toEqual([1, 2, 3, 4]);
  });

  test("history that is gone is a gap, before the first message after it", async () => {
    const { hub, proxy, connect } = await startHub({ retainMessages: 2 });
    const topic = connect({ transport }).topic<number>("a");
    const seen: (number | Gap)[] = [];
    topic.gaps$.subscribe((gap) => seen.push(gap));
    topic.subscribe((n) => seen.push(n));
    await expect.poll(() => topic.status.status).toBe("open");
    await hub.publish("a", 1);
    await expect.poll(() => seen).toEqual([1]);
    await proxy.refuse();
    proxy.reset();
    await expect.poll(() => topic.status.status).not.toBe("open");
    for (const n of [2, 3, 4, 5]) await hub.publish("a", n);
    await proxy.accept();
    await expect.poll(() => seen.length).toBe(4);
    expect(seen[1]).toMatchObject({ topic: "a", from: 1, to: 3, why: "trimmed" });
    expect(seen.slice(2)).toEqual([4, 5]);
  });

  test("sends arrive once and in order, also when the line is cut under them", async () => {
    const { hub, proxy, connect } = await startHub();
    const arrived: unknown[] = [];
    hub.topic("up").onMessage((data) => void arrived.push(data));
    const topic = connect({ transport, whileDown: "queue" }).topic<number>("up");
    topic.subscribe(() => {});
    await expect.poll(() => topic.status.status).toBe("open");
    const sends = Array.from({ length: 50 }, (_, n) => topic.send(n));
    proxy.reset();
    sends.push(topic.send(50));
    await Promise.all(sends);
    expect(arrived).toEqual(Array.from({ length: 51 }, (_, n) => n));
  });

  test("a saved cursor goes on where an earlier page stood", async () => {
    const { hub, connect } = await startHub();
    const first = connect({ transport });
    const before: number[] = [];
    first.topic<number>("a").subscribe((n) => before.push(n));
    await expect.poll(() => first.status.status).toBe("open");
    await hub.publish("a", 1);
    await expect.poll(() => before).toEqual([1]);
    const cursor = first.cursor();
    first.close();
    await hub.publish("a", 2);
    const after: number[] = [];
    connect({ transport, cursor })
      .topic<number>("a")
      .subscribe((n) => after.push(n));
    await expect.poll(() => after).toEqual([2]);
  });

  test("a line that is swallowed for ever is noticed after fifteen seconds", async () => {
    const { hub, proxy, connect } = await startHub();
    const clock = createManualClock();
    const topic = connect({ transport, clock }).topic<number>("a");
    const got: number[] = [];
    topic.subscribe((n) => got.push(n));
    await expect.poll(() => topic.status.status).toBe("open");
    proxy.stall();
    await hub.publish("a", 1);
    clock.advance(14_999);
    expect(topic.status.status).toBe("open");
    clock.advance(1);
    expect(topic.status).toMatchObject({ status: "waiting", error: { code: "silent" } });
    proxy.flow();
    clock.advance(1000);
    await expect.poll(() => got).toEqual([1]);
  });

  test("a topic that may not be read fails, also when it is asked for later, and the others go on", async () => {
    const { hub, connect } = await startHub({ authorize: (_principal, topic) => topic !== "secret" });
    const client = connect({ transport });
    const got: string[] = [];
    client.topic<string>("open").subscribe((data) => got.push(data));
    await expect.poll(() => client.status.status).toBe("open");
    const secret = client.topic("secret");
    const refused = new Promise<unknown>((resolve) => secret.subscribe({ error: resolve }));
    expect(await refused).toMatchObject({ code: "refused", isFinal: true, detail: { closeCode: 4403 } });
    expect(secret.status.status).toBe("failed");
    await hub.publish("open", "still here");
    await expect.poll(() => got).toEqual(["still here"]);
  });

  test("a message that is larger than the hub takes is refused at once, and costs nobody the line", async () => {
    const { hub, connect } = await startHub({ maxInboundChars: 2000 });
    const arrived: unknown[] = [];
    hub.topic("up").onMessage((data) => void arrived.push(data));
    const topic = connect({ transport }).topic<string>("up");
    topic.subscribe(() => {});
    await expect.poll(() => topic.status.status).toBe("open");
    await expect(topic.send("x".repeat(2000))).rejects.toMatchObject({ code: "too-large" });
    await topic.send("short");
    expect(arrived).toEqual(["short"]);
    expect(topic.status.status).toBe("open");
  });

  test("a client that only sends keeps one line for all it sends, and lets it go soon after", async () => {
    const { hub, connect } = await startHub();
    const arrived: unknown[] = [];
    hub.topic("up").onMessage((data) => void arrived.push(data));
    const clock = createManualClock();
    const client = connect({ transport, clock });
    const topic = client.topic<number>("up");
    for (const n of [1, 2, 3]) await topic.send(n);
    expect(arrived).toEqual([1, 2, 3]);
    expect(hub.core.lines.size).toBe(1);
    clock.advance(1000);
    await expect.poll(() => hub.core.lines.size).toBe(0);
    expect(client.status.status).toBe("idle");
    expect(clock.pending).toBe(0);
  });

  test("a call is answered, and a call that the hub does not know is refused", async () => {
    const { hub, connect } = await startHub();
    hub.onCall("double", (n) => (n as number) * 2);
    const client = connect({ transport });
    await expect(client.call("double", 21)).resolves.toBe(42);
    await expect(client.call("nothing")).rejects.toMatchObject({ code: "refused", detail: { closeCode: 4404 } });
  });

  test("an application's own no reaches the send or the call that it answers, word for word", async () => {
    const onError = vi.fn();
    const { hub, connect } = await startHub({ onError });
    hub.topic<string>("chat").onMessage((text) => {
      if (text === "accident") throw new Error("a secret of the server");
      if (text.length > 3) throw refusal("too-long", "At most 3 characters.");
    });
    hub.onCall("move", async () => {
      throw refusal("not-your-turn", "It is Bob's turn.");
    });
    const client = connect({ transport });
    const chat = client.topic<string>("chat");
    const refused = await chat.send("hello").catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "refused", message: "At most 3 characters.", isFinal: true });
    expect(isRefusal(refused, "too-long") && refused.detail.reason).toBe("too-long");
    await chat.send("hi"); // the connection goes on
    await expect(client.call("move")).rejects.toSatisfy((error) => isRefusal(error, "not-your-turn"));
    expect(onError).not.toHaveBeenCalled();
    const accident = await chat.send("accident").catch((error: unknown) => error);
    expect(isRefusal(accident)).toBe(false);
    expect(String(accident)).not.toContain("secret");
    expect(onError).toHaveBeenCalledTimes(1);
  });
});

test("a hello that comes too late for the hub is said again on another line", async () => {
  const { connect } = await startHub({ helloTimeoutMs: 200 });
  let dials = 0;
  /** The first socket never says it, as a page that is busy for seconds. */
  class Tardy extends WebSocket {
    readonly #isLate = ++dials === 1;
    override send(data: string): void {
      if (!this.#isLate) super.send(data);
    }
  }
  const client = connect({ transport: (address) => overWebSocket(address, { WebSocket: Tardy }) });
  const codes: unknown[] = [];
  client.status$.subscribe(({ error }) => codes.push(error?.detail["closeCode"]));
  const topic = client.topic<number>("a");
  topic.subscribe(() => {});
  await expect.poll(() => topic.status.status).toBe("open");
  expect(codes).toContain(4408);
});
