import { setTimeout as pause } from "node:timers/promises";
import { clientFrame } from "../hubs/client-frame.ts";
import type { HubStage } from "../hubs/stage.ts";
import { Peer } from "./peer.ts";

export interface TrialOptions {
  /** Idle connections; the other amounts go with it. */
  readonly connections: number;
}

/** Something that a hub must stand. Ends with everything still open, and says what became of it. */
export interface Trial {
  readonly name: string;
  run(stage: HubStage, options: TrialOptions): Promise<{ readonly outcome: string; readonly peers: readonly Peer[] }>;
}

const ATTACKERS = 20;
const FLOOD_MS = 3000;
const ENDLESS_BYTES = 64 * 2 ** 20;
const PATIENCE_MS = 15_000;
const LORIS_STEP_MS = 250;
const PER_LINE = 100;
const COUNT = 100_000;

const opened = (port: number, count: number): Promise<Peer[]> =>
  Promise.all(Array.from({ length: count }, () => Peer.upgrade(port)));
const closed = (peers: readonly Peer[]): number => peers.filter(({ isClosed }) => isClosed).length;
const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);
const hello = (topics: readonly string[]): object => ({ k: "hello", v: 1, gen: 1, subs: topics.map((t) => ({ t })) });

export const trials: readonly Trial[] = [
  {
    name: "idle connections",
    async run(stage, { connections }) {
      await stage.read(connections);
      return { outcome: `${connections} held`, peers: [] };
    },
  },
  {
    name: "churned connections",
    async run(stage, { connections }) {
      const wave = connections / 20;
      for (let turn = 0; turn < 10; turn += 1) {
        await stage.read(wave);
        await stage.hangUp();
      }
      return { outcome: `${10 * wave} came and were cut`, peers: [] };
    },
  },
  {
    name: "ping flood by peers that never read",
    async run({ port }) {
      const peers = await opened(port, ATTACKERS);
      for (const peer of peers) {
        peer.say([hello(["t"])]);
        peer.socket.pause();
      }
      const pings = Buffer.concat(Array.from({ length: 500 }, () => clientFrame(0x9, Buffer.alloc(100))));
      await Promise.all(peers.map((peer) => peer.flood(pings, FLOOD_MS)));
      return { outcome: `${mib(sum(peers))} MiB of pings by ${peers.length}`, peers };
    },
  },
  {
    name: "endless message: one frame, fragments, a body",
    async run({ port }) {
      const framed = await opened(port, ATTACKERS);
      const fragmented = await opened(port, ATTACKERS);
      const head = Buffer.from([0x81, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]); // a TiB is promised
      for (const peer of framed) peer.socket.write(head);
      for (const peer of fragmented) peer.socket.write(clientFrame(0x1, Buffer.alloc(1000, "x"), false));
      const post = "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
      const posted = await Promise.all(Array.from({ length: ATTACKERS }, () => Peer.dial(port, post)));
      const text = "x".repeat(50_000);
      await Promise.all([
        ...framed.map((peer) => peer.flood(Buffer.from(text), FLOOD_MS, ENDLESS_BYTES)),
        ...fragmented.map((peer) => peer.flood(clientFrame(0x0, Buffer.from(text), false), FLOOD_MS, ENDLESS_BYTES)),
        ...posted.map((peer) => peer.flood(Buffer.from(`c350\r\n${text}\r\n`), FLOOD_MS, ENDLESS_BYTES)),
      ]);
      const peers = [...framed, ...fragmented, ...posted];
      return { outcome: `${closed(peers)} of ${peers.length} cut off, after ${mib(sum(peers))} MiB in all`, peers };
    },
  },
  {
    name: "slow loris: a hello and a body, byte by byte",
    async run({ port }, { connections }) {
      const count = connections / 40;
      const hellos = await opened(port, count);
      const post = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n";
      const bodies = await Promise.all(Array.from({ length: count }, () => Peer.dial(port, post)));
      const all = [...hellos, ...bodies];
      const begin = performance.now();
      for (const peer of hellos) peer.socket.write(Buffer.from([0x81, 0x80 | 125, 0, 0, 0, 0]));
      while (closed(all) < all.length && performance.now() - begin < PATIENCE_MS) {
        for (const peer of all) if (!peer.isClosed) peer.socket.write(" ");
        await pause(LORIS_STEP_MS);
      }
      const took = ((performance.now() - begin) / 1000).toFixed(0);
      return {
        outcome: `${closed(hellos)} of ${count} hellos, ${closed(bodies)} of ${count} bodies cut off in ${took} s`,
        peers: all,
      };
    },
  },
  {
    name: "100 000 subscriptions on one line",
    async run({ port }) {
      const [peer] = (await opened(port, 1)) as [Peer];
      peer.say([hello([])]);
      peer.say(Array.from({ length: COUNT }, (_, id) => ({ k: "sub", id, t: `one-${id}` })));
      await until(() => peer.isClosed);
      return { outcome: peer.isClosed ? "cut off" : "refused beyond the limit", peers: [peer] };
    },
  },
  {
    name: "100 000 subscriptions, 100 on each line",
    async run(stage, { connections }) {
      const lines = Math.min(COUNT / PER_LINE, connections / 10);
      const peers = await opened(stage.port, lines);
      const topics = Array.from({ length: PER_LINE }, (_, index) => `many-${index}`);
      let granted = 0;
      for (const peer of peers) {
        peer.hear('"k":"sub"', () => {
          granted += 1;
        });
        peer.say([hello(topics)]);
      }
      await until(() => granted === lines * PER_LINE);
      const { stats } = await stage.usage();
      return { outcome: `${granted} held by ${stats["lines"]} lines`, peers };
    },
  },
];

const sum = (peers: readonly Peer[]): number => peers.reduce((bytes, { sent }) => bytes + sent, 0);

async function until(isSo: () => boolean): Promise<void> {
  const end = performance.now() + PATIENCE_MS / 3;
  while (!isSo() && performance.now() < end) await pause(50);
}
