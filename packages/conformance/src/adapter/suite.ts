import { randomBytes } from "node:crypto";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import type { AdapterDriver, Answer, ServedHub, ServedOptions } from "./driver.ts";
import { framesOf, readEvents, readText } from "./reading.ts";

const FRIEND = "https://friend.example";
/** 100 000 characters that no compression makes small. */
const NOISE = randomBytes(75_000).toString("base64");
const HELLO = { k: "hello", v: 1, gen: 1, subs: [{ t: "a" }] };
const post = (body: object, headers = {}) => ({ method: "POST", body: JSON.stringify(body), headers });

/** Holds an adapter to what every client of a hub relies on. */
export function runAdapterSuite(driver: AdapterDriver): void {
  const serve = async (options: ServedOptions = {}) => {
    const serving = await driver.start({ heartbeatMs: 60_000, ...options }, [FRIEND]);
    onTestFinished(async () => {
      await serving.hub.close();
      await serving.stop();
    });
    return serving;
  };
  const noLineIsLeft = (hub: ServedHub) => expect.poll(() => hub.lines(), { timeout: 5000 }).toBe(0);

  describe(`adapter: ${driver.name}`, () => {
    afterAll(() => driver.stop?.());

    describe("a plain stream", () => {
      it("shows its head and a first comment before there is any message", async () => {
        const { ask } = await serve();
        const answer = await ask("/realtime?topic=a");
        expect(answer.status).toBe(200);
        expect(answer.headers.get("content-type")).toBe("text/event-stream");
        expect(answer.headers.get("cache-control")).toBe("no-cache, no-transform");
        expect(answer.headers.get("x-accel-buffering")).toBe("no");
        const stream = readEvents(answer);
        await stream.read();
        expect(stream.comments).toEqual(["tidewire"]);
      });

      it("gives each message when it is published, not when a buffer is full", async () => {
        const { ask, hub } = await serve();
        const stream = readEvents(await ask("/realtime?topic=a"));
        for (const n of [1, 2, 3]) {
          await hub.publish("a", { n });
          expect(await stream.take(1)).toMatchObject([{ type: "a", data: `{"n":${n}}` }]);
        }
      });

      it("resumes after the last event id", async () => {
        const { ask, hub } = await serve();
        const first = await ask("/realtime?topic=a");
        const before = readEvents(first);
        await hub.publish("a", 1);
        const [one] = await before.take(1);
        first.abort();
        await noLineIsLeft(hub);
        await hub.publish("a", 2);
        await hub.publish("a", 3);
        const after = readEvents(await ask("/realtime?topic=a", { headers: { "last-event-id": one?.id ?? "" } }));
        expect((await after.take(2)).map(({ data }) => data)).toEqual(["2", "3"]);
      });

      it("loses nothing that came after it was cut, also before its first message", async () => {
        const { ask, hub } = await serve();
        await hub.publish("a", "before");
        const first = await ask("/realtime?topic=a&topic=b");
        const cut = readEvents(first);
        while (cut.lastEventId === "") await cut.read();
        expect(cut.events).toEqual([]);
        first.abort();
        await noLineIsLeft(hub);
        await hub.publish("a", "meanwhile");
        await hub.publish("b", "meanwhile, too");
        const again = readEvents(
          await ask("/realtime?topic=a&topic=b", { headers: { "last-event-id": cut.lastEventId } }),
        );
        expect((await again.take(2)).map(({ data }) => data)).toEqual(['"meanwhile"', '"meanwhile, too"']);
      });

      it("is let go of when its reader hangs up", async () => {
        const { ask, hub } = await serve();
        const answers = await Promise.all([ask("/realtime?topic=a"), ask("/realtime?topic=a")]);
        expect(await hub.lines()).toBe(2);
        for (const answer of answers) answer.abort();
        await noLineIsLeft(hub);
      });

      it("is kept warm while nothing is said", async () => {
        const { ask } = await serve({ heartbeatMs: 20 });
        const stream = readEvents(await ask("/realtime?topic=a"));
        while (stream.comments.length < 3) await stream.read();
        expect(stream.comments.slice(1)).toEqual(["", ""]);
      });
    });

    describe("a stream of the protocol", () => {
      const open = async (answer: Answer) => {
        expect(answer.status).toBe(200);
        const stream = readEvents(answer);
        const frames = framesOf(await stream.until('"live"')) as { k?: string; sid?: string }[];
        return { stream, frames, sid: frames[0]?.sid ?? "" };
      };

      it("says welcome, what is read, and then each message", async () => {
        const { ask, hub } = await serve();
        const { stream, frames } = await open(await ask("/realtime", post(HELLO)));
        expect(frames.map(({ k }) => k)).toEqual(["welcome", "sub", "live"]);
        await hub.publish("a", { n: 1 });
        expect(framesOf(await stream.take(1))).toEqual([[expect.any(Number), 1, 0, { n: 1 }]]);
      });

      it("has an uplink by POST that does everything once", async () => {
        const { ask, hub } = await serve();
        const got: unknown[] = [];
        await hub.onMessage("up", (data) => void got.push(data));
        const { sid } = await open(await ask("/realtime", post(HELLO)));
        const body = { sid, gen: 1, n: 1, frames: [{ k: "pub", n: 1, t: "up", d: "x" }] };
        for (let round = 0; round < 2; round += 1) {
          const answer = await ask("/realtime/up", post(body));
          expect(answer.status).toBe(202);
          expect(JSON.parse(await readText(answer))).toMatchObject({ ack: 1 });
        }
        const ahead = await ask("/realtime/up", post({ ...body, n: 2, frames: [{ k: "pub", n: 5, t: "up", d: 1 }] }));
        expect(ahead.status).toBe(409);
        expect(JSON.parse(await readText(ahead))).toMatchObject({ ack: 1 });
        await expect.poll(() => got).toEqual(["x"]);
        await hub.close(); // after which nothing more can come
        expect(got).toEqual(["x"]);
      });

      it("is let go of when its reader hangs up", async () => {
        const { ask, hub } = await serve();
        const answer = await ask("/realtime", post(HELLO));
        await open(answer);
        answer.abort();
        await noLineIsLeft(hub);
      });
    });

    describe("a poll", () => {
      it("is answered by the first news", async () => {
        const { ask, hub } = await serve();
        await hub.publish("a", 1);
        const first = framesOf([{ data: await readText(await ask("/realtime/poll", post(HELLO))) }]) as {
          k?: string;
          e?: number;
          sid?: string;
        }[];
        const { e } = first.find(({ k }) => k === "sub") ?? {};
        const again = { ...HELLO, gen: 2, sid: first[0]?.sid, subs: [{ t: "a", e, o: 1 }] };
        const answering = ask("/realtime/poll", post(again));
        await expect.poll(() => hub.lines()).toBe(1);
        await hub.publish("a", 2);
        const frames = framesOf([{ data: await readText(await answering) }]);
        expect(frames.at(-1)).toEqual([expect.any(Number), 2, 1, 2]);
        await noLineIsLeft(hub);
      });

      it("that is not news ends when it asked to", async () => {
        const { ask, hub } = await serve();
        const { e, o } = await hub.publish("a", 1);
        const hello = { ...HELLO, subs: [{ t: "a", e, o }], wait: 30 };
        expect((await ask("/realtime/poll", post(hello))).status).toBe(200);
        await noLineIsLeft(hub);
      });
    });

    it("closing the hub ends every stream, and a new one is told when to come again", async () => {
      const { ask, hub } = await serve();
      const plain = readEvents(await ask("/realtime?topic=a"));
      const framed = readEvents(await ask("/realtime", post(HELLO)));
      await framed.until('"live"');
      const closing = hub.close();
      while (await plain.read());
      while (await framed.read());
      await closing;
      expect(framesOf(framed.events).at(-1)).toMatchObject({ k: "bye" });
      for (const answer of [await ask("/realtime?topic=a"), await ask("/realtime", post(HELLO))]) {
        expect(answer.status).toBe(503);
        expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
      }
    });

    it("a reader that does not read costs no more than the network's buffers, and hears what it missed", async () => {
      const { ask, hub } = await serve({ retainBytes: 1_000_000 });
      const slow = await ask("/realtime?topic=a");
      const quick = readEvents(await ask("/realtime?topic=a"));
      for (let n = 0; n < 400; n += 1) {
        await hub.publish("a", `${n} ${NOISE}`);
        if (n % 4 === 3) await quick.take(4);
      }
      const stream = readEvents(slow);
      const seen = await stream.until('"399 ');
      expect(seen.filter(({ type }) => type === "gap").map(({ data }) => JSON.parse(data))).toMatchObject([
        { why: "slow" },
      ]);
      expect(seen.length).toBeLessThan(150);
    }, 20_000);

    it("a reader that does not read is cut off when the hub closes", async () => {
      const { ask, hub } = await serve({ retainBytes: 50_000_000 });
      const deaf = await ask("/realtime?topic=a");
      for (let n = 0; n < 300; n += 1) await hub.publish("a", NOISE);
      await hub.close();
      expect(await hub.lines()).toBe(0);
      deaf.abort(); // Fetch runtimes keep its socket until it is read or gone: that is theirs to end.
    }, 10_000);

    it("gives nothing from the end of its reader's credentials on, says so, and lets nobody in with them", async () => {
      const credentialsEndAt = Date.now() + 700;
      const { ask, hub } = await serve({ credentialsEndAt });
      const plain = readEvents(await ask("/realtime?topic=a"));
      const framed = readEvents(await ask("/realtime", post(HELLO)));
      await framed.until('"live"');
      const { e, o } = await hub.publish("quiet", 1);
      const polling = ask("/realtime/poll", post({ ...HELLO, subs: [{ t: "quiet", e, o }] })).then(readText);
      await expect.poll(() => hub.lines()).toBe(3);
      let isOver = false;
      const publishing = (async () => {
        while (!isOver) {
          await hub.publish("a", Date.now());
          await new Promise((resolve) => setTimeout(resolve, 2)); // a hub of this process would never let go otherwise
        }
      })();
      while (await plain.read());
      while (await framed.read());
      isOver = true;
      await publishing;
      expect(Date.now()).toBeLessThan(credentialsEndAt + 5000);
      const frames = framesOf(framed.events) as readonly (readonly unknown[] & { readonly k?: string })[];
      const given = [plain.events.map(({ data }) => Number(data)), frames.flatMap((frame) => frame[3] ?? [])];
      for (const times of given) {
        expect(times.length).toBeGreaterThan(0);
        expect(Math.max(...times.map(Number))).toBeLessThan(credentialsEndAt);
      }
      expect(frames.at(-1)).toMatchObject({ k: "bye", code: 4511 });
      expect(framesOf([{ data: await polling }]).at(-1)).toMatchObject({ k: "bye", code: 4511 });
      await noLineIsLeft(hub);
      for (const [path, given] of [["/realtime?topic=a", {}] as const, ["/realtime", post(HELLO)] as const])
        expect((await ask(path, given)).status).toBe(401);
    }, 10_000);

    it("lets nobody send more by inventing sessions", async () => {
      const { ask, hub } = await serve({
        credentialsEndAt: Date.now() + 60_000,
        maxInboundPerSecond: 1, // 10 at once
        sessionsPerPrincipal: 1,
      });
      await hub.onMessage("up", () => {});
      const frames = [1, 2, 3, 4].map((n) => ({ k: "pub", n, t: "up", d: n }));
      const answers = [];
      for (const sid of ["one", "two", "three"])
        answers.push(await ask("/realtime/up", post({ sid, gen: 1, n: 1, frames })));
      expect(answers.map(({ status }) => status)).toEqual([202, 202, 429]);
      expect(Number(answers[2]?.headers.get("retry-after"))).toBeGreaterThan(0);
    });

    describe("pages of other origins", () => {
      const asks = [
        ["/realtime?topic=a", {}],
        ["/realtime", post(HELLO)],
        ["/realtime/poll", post(HELLO)],
        ["/realtime/up", post({ sid: "s", gen: 1, n: 1, frames: [] })],
      ] as const;

      it.each(asks)("are refused at %s unless they were named", async (path, given) => {
        const { ask, hub } = await serve();
        for (const origin of ["https://evil.example", "null", "https://friend.example.evil.example"]) {
          const answer = await ask(path, { ...given, headers: { origin } });
          expect(answer.status).toBe(403);
          expect(answer.headers.has("access-control-allow-origin")).toBe(false);
        }
        expect(await hub.lines()).toBe(0);
      });

      it.each(asks)("that were named may read %s with their credentials", async (path, given) => {
        const { ask, hub } = await serve();
        await hub.publish("a", 1);
        const answer = await ask(path, { ...given, headers: { origin: FRIEND } });
        expect(answer.status).toBeLessThan(300);
        expect(answer.headers.get("access-control-allow-origin")).toBe(FRIEND);
        expect(answer.headers.get("access-control-allow-credentials")).toBe("true");
        expect(answer.headers.get("vary")).toMatch(/origin/i);
        answer.abort();
      });

      it("that were named may read why they were refused", async () => {
        const { ask } = await serve({ letsNobodyIn: true });
        for (const [path, given] of asks.slice(0, 2)) {
          const answer = await ask(path, { ...given, headers: { origin: FRIEND } });
          expect(answer.status).toBe(401);
          expect(answer.headers.get("access-control-allow-origin")).toBe(FRIEND);
        }
      });

      it("ask first before they send what is theirs to ask", async () => {
        const { ask } = await serve();
        const headers = { "access-control-request-method": "POST", "access-control-request-headers": "authorization" };
        const asked = (origin: string) => ask("/realtime/up", { method: "OPTIONS", headers: { ...headers, origin } });
        const yes = await asked(FRIEND);
        expect(yes.status).toBe(204);
        expect(yes.headers.get("access-control-allow-headers")).toBe("authorization");
        expect(yes.headers.get("access-control-allow-methods")).toContain("POST");
        expect((await asked("https://evil.example")).status).toBe(403);
      });

      it("may not hold lines open by embedding the address", async () => {
        const { ask, hub } = await serve();
        const headers = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" };
        expect((await ask("/realtime?topic=a", { headers })).status).toBe(403);
        expect(await hub.lines()).toBe(0);
      });
    });

    it("pages of the same host need not be named", async () => {
      const { ask, origin } = await serve();
      expect((await ask("/realtime?topic=a", { headers: { origin } })).status).toBe(200);
    });

    it("what makes no sense is refused with the status that says so", async () => {
      const { ask } = await serve({ maxInboundChars: 1000 });
      const status = async (path: string, given = {}) => (await ask(path, given)).status;
      expect(await status("/realtime")).toBe(400);
      expect(await status("/realtime?topic=a", { method: "PUT" })).toBe(405);
      expect(await status("/realtime", { method: "POST", body: "[".repeat(900) })).toBe(400);
      expect(await status("/realtime", { method: "POST", body: "x".repeat(2000) })).toBe(413);
      expect(await status("/realtime/up", { method: "POST", body: "{}" })).toBe(400);
      expect(await status("/realtime", post({ ...HELLO, v: 2 }))).toBe(406);
    });
  });
}
