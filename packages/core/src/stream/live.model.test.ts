import { TidewireError } from "@tidewire/wire";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Clock } from "../connection/clock.ts";
import type { Page, PageEvent } from "../connection/page.ts";
import type { LineEvents, Transport } from "../transport/transport.ts";
import { createLive, type Live } from "./live.ts";
import type { Reader } from "./readers.ts";

/** Time that moves only when told, and knows who waits. */
class ManualClock implements Clock {
  #now = 0;
  readonly waiting = new Set<{ at: number; run: () => void }>();
  now(): number {
    return this.#now;
  }
  after(ms: number, run: () => void): () => void {
    const entry = { at: this.#now + ms, run };
    this.waiting.add(entry);
    return () => void this.waiting.delete(entry);
  }
  advance(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const next = [...this.waiting].sort((a, b) => a.at - b.at)[0];
      if (!next || next.at > until) break;
      this.#now = Math.max(this.#now, next.at);
      this.waiting.delete(next);
      next.run();
    }
    this.#now = until;
  }
}

/** The whole world around one stream, each part under the test's hand. */
class World {
  readonly clock = new ManualClock();
  readonly lines = new Set<LineEvents>();
  mostLines = 0;
  isOnline = true;
  isVisible = true;
  doesAuthFail = false;
  sent = 0;
  readonly pageListeners = new Set<(event: PageEvent) => void>();
  readonly readers: { got: number[]; expected: number[]; isOver: boolean; leave: () => void }[] = [];
  readonly live: Live<number, number>;

  constructor() {
    const page: Page = {
      isOnline: () => this.isOnline,
      isVisible: () => this.isVisible,
      listen: (listener) => {
        this.pageListeners.add(listener);
        return () => void this.pageListeners.delete(listener);
      },
    };
    const transport: Transport = {
      name: "model",
      key: undefined,
      settings: {},
      canRedial: true,
      silenceMs: 45_000,
      open: (_dial, events) => {
        this.lines.add(events);
        this.mostLines = Math.max(this.mostLines, this.lines.size);
        return { bufferedAmount: 0, send: () => {}, close: () => void this.lines.delete(events) };
      },
    };
    const auth = async (): Promise<string> => {
      if (this.doesAuthFail) throw new Error("no token");
      return "token";
    };
    this.live = createLive(transport, { clock: this.clock, page, auth, random: () => 0.5, onError: () => {} });
  }

  get line(): LineEvents | undefined {
    return [...this.lines][0];
  }

  subscribe(): void {
    const reader = { got: [] as number[], expected: [] as number[], isOver: false, leave: () => {} };
    const over = (): void => {
      reader.isOver = true;
    };
    const handlers: Reader<number> = {
      type: undefined,
      wantsWhole: false,
      to: { next: (n) => reader.got.push(n as number), error: over, complete: over },
    };
    this.readers.push(reader);
    reader.leave = this.live.read(handlers);
  }

  leave(index: number): void {
    const [gone] = this.readers.splice(index % Math.max(1, this.readers.length), 1);
    gone?.leave();
    gone?.leave(); // twice is harmless
  }

  message(): void {
    const { line } = this;
    if (!line || this.live.status.status !== "open") return;
    this.sent += 1;
    for (const reader of this.readers) if (!reader.isOver) reader.expected.push(this.sent);
    line.resumeAt(String(this.sent));
    line.message(String(this.sent), "message", String(this.sent));
  }

  end(end: Parameters<LineEvents["closed"]>[0]): void {
    const { line } = this;
    if (!line) return;
    this.lines.delete(line);
    line.closed(end);
    line.closed(end); // a transport that says it twice is heard once
    line.message("0", "message", "late"); // and late words are not heard at all
  }

  tell(event: PageEvent): void {
    if (event === "online" || event === "offline") this.isOnline = event === "online";
    if (event === "visible" || event === "hidden") this.isVisible = event === "visible";
    for (const listener of [...this.pageListeners]) listener(event);
  }

  check(): void {
    const { status } = this.live.status;
    expect(this.mostLines).toBeLessThanOrEqual(1);
    for (const reader of this.readers) expect(reader.got).toEqual(reader.expected);
    if (status === "open") expect(this.lines.size).toBe(1);
    if (status !== "open" && status !== "connecting") expect(this.lines.size).toBe(0);
    if (status === "waiting" || status === "connecting") expect(this.clock.waiting.size).toBeGreaterThan(0);
    if (status === "closed" || status === "failed") this.checkFree();
  }

  checkFree(): void {
    expect({
      lines: this.lines.size,
      timers: this.clock.waiting.size,
      listeners: this.pageListeners.size,
    }).toEqual({ lines: 0, timers: 0, listeners: 0 });
  }
}

const lost = new TidewireError("network", "cut");
const failed = new TidewireError("http-status", "gone", { isFinal: true });
const refused = new TidewireError("unauthenticated", "no", { isFinal: true });
const pageEvents: PageEvent[] = ["visible", "hidden", "online", "offline", "frozen", "thawed"];

const command: fc.Arbitrary<(world: World) => void> = fc.oneof(
  { weight: 3, arbitrary: fc.constant((w: World) => w.subscribe()) },
  { weight: 2, arbitrary: fc.nat(3).map((index) => (w: World) => w.leave(index)) },
  { weight: 5, arbitrary: fc.constant((w: World) => w.line?.opened()) },
  { weight: 5, arbitrary: fc.constant((w: World) => w.message()) },
  { weight: 1, arbitrary: fc.constant((w: World) => w.line?.alive()) },
  { weight: 1, arbitrary: fc.nat(5000).map((ms) => (w: World) => w.line?.retryHint(ms)) },
  { weight: 2, arbitrary: fc.constant((w: World) => w.end({ error: lost })) },
  { weight: 1, arbitrary: fc.constant((w: World) => w.end({ afterMs: 0 })) },
  { weight: 1, arbitrary: fc.constant((w: World) => w.end({ isOver: true })) },
  { weight: 1, arbitrary: fc.constant((w: World) => w.end({ error: refused })) },
  { weight: 1, arbitrary: fc.constant((w: World) => w.end({ error: failed })) },
  { weight: 1, arbitrary: fc.constant((w: World) => w.end({ error: failed, isAnswer: true })) },
  { weight: 4, arbitrary: fc.constantFrom(...pageEvents).map((event) => (w: World) => w.tell(event)) },
  {
    weight: 5,
    arbitrary: fc.constantFrom(10, 500, 2000, 12_000, 70_000).map((ms) => (w: World) => w.clock.advance(ms)),
  },
  { weight: 1, arbitrary: fc.constant((w: World) => w.live.reconnect()) },
  { weight: 1, arbitrary: fc.constant((w: World) => w.live.close()) },
  {
    weight: 1,
    arbitrary: fc.boolean().map((fails) => (w: World) => {
      w.doesAuthFail = fails;
    }),
  },
);

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 6; turn += 1) await Promise.resolve(); // the promises of auth, and no timer
};

/** Whatever happened: with network, page and token back, a reader gets an open line again. */
async function checkNotWedged(world: World): Promise<void> {
  world.doesAuthFail = false;
  for (const event of ["thawed", "online", "visible"] as const) world.tell(event);
  world.subscribe();
  const isOpen = (): boolean => world.live.status.status === "open";
  for (let turn = 0; turn < 5 && !isOpen(); turn += 1) {
    await settle();
    world.line?.opened();
    if (!isOpen()) world.clock.advance(11_000);
  }
  expect(isOpen()).toBe(true);
  world.message();
  world.check();
}

test("no interleaving wedges a stream, opens two lines, loses or repeats a message, or leaves anything behind", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 40 }), async (commands) => {
      const world = new World();
      for (const run of commands) {
        run(world);
        await settle();
        world.check();
      }
      await checkNotWedged(world);
      while (world.readers.length > 0) world.leave(0);
      world.clock.advance(1000);
      await settle();
      expect(world.live.status.status).toBe("idle");
      world.checkFree();
    }),
    { numRuns: 10_000 },
  );
}, 120_000);
