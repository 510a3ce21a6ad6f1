/** What messages are like: those of markets are short and alike, those of machines long and full of figures. */
export const sizes = ["100 B", "1 kB"] as const;
export type Size = (typeof sizes)[number];

const SYMBOLS = ["AAPL", "AMZN", "GOOG", "META", "MSFT", "NVDA"];
const VENUES = ["BATS", "XNAS", "XNYS"];
const DISKS = 9;

let state = 1;
let last = 1_000_000;

/** The same figures in every run. */
function random(below: number): number {
  state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}

function one<T>(of: readonly T[]): T {
  return of[random(of.length)] as T;
}

/** The next message. */
export function nextMessage(size: Size): object {
  last += 1;
  return size === "100 B" ? tick() : telemetry();
}

function tick(): object {
  const bid = 10_000 + random(10_000);
  const ask = bid + random(40);
  return {
    n: last,
    symbol: one(SYMBOLS),
    bid: bid / 100,
    ask: ask / 100,
    size: random(5000),
    venue: one(VENUES),
    at: last * 7,
  };
}

function telemetry(): object {
  const disk = (_: unknown, at: number) => ({
    name: `nvme${at}n1`,
    readBytes: random(1e9),
    writeBytes: random(1e9),
    busy: random(1000) / 10,
    queue: random(9),
  });
  return {
    n: last,
    at: last * 7,
    host: `eu-${random(4)}`,
    load: [random(400) / 100, random(400) / 100],
    disks: Array.from({ length: DISKS }, disk),
  };
}
